-- Which node wrote a mark: another that starts leaves the marks of those that are alive. 0: before nodes were told apart.

ALTER TABLE applying ADD COLUMN node INTEGER NOT NULL DEFAULT 0;

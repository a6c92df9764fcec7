//! 名册导入 – a community's spreadsheet becomes a roster.

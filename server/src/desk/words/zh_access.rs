//! 中文:查看记录。

pub(super) const WORDS: &[(&str, &str)] = &[
    ("nav.access", "查看记录"),
    ("access.title", "查看记录"),
    ("access.lead", "谁在什么时候、为什么看了哪一户。记录只增不改,前后相扣;看本页不另记。"),
    ("access.caption", "最近的在前。"),
    ("access.at", "时间"),
    ("access.who", "谁"),
    ("access.what", "看了什么、为什么"),
    ("access.on", "关于"),
    ("access.nr", "序号"),
    ("access.all", "全部查看记录"),
    ("access.empty", "还没有人看过。"),
    ("access.older", "更早的"),
    ("access.shell", "命令行"),
    ("access.check", "核验记录链"),
    (
        "access.holds",
        "记录链前后相扣,到第 {0} 条(摘要 {1})为止。请抄下来:下次核验时若没有这一条,或摘要不同,就是末尾被截去,或整条链被重算过。",
    ),
    ("access.broken", "记录链从第 {0} 条起不符,请运行 ruhu verify 并保全数据库。"),
    ("access.view", "看了户情(掩码)"),
    ("access.reveal", "看了原文 · {0}"),
    ("access.sheet", "打印复访表"),
    ("access.card", "看了依据卡"),
    ("access.finding", "看了核查"),
    ("access.seen-by", "谁看过"),
    (
        "help.access",
        "每次打开一户、显示原文、看依据卡或核查,都先记下再显示:谁、何时、看了什么、事由。社区负责人看本社区的,审计可核验整条记录链。居民问“谁看过我的信息”,从这一户的页面点“谁看过”。",
    ),
];

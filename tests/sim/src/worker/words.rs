//! What residents ask for and what workers notice, as they would write it. No names, no numbers.

/// 诉求 – words, what is wanted, whether it can be solved at the door.
pub(super) const REQUESTS: &[(&str, &str, bool)] = &[
    ("楼道灯坏了半个月", "尽快修好", false),
    ("想咨询医保异地报销怎么办", "告知办理地点和材料", true),
    ("楼上漏水,厨房顶返潮", "协调楼上住户", false),
    ("电动车没有地方充电", "增设充电桩", false),
    ("垃圾桶离得太近,夏天味道大", "挪一挪位置", false),
    ("老人想办高龄津贴", "帮忙查询资格", true),
    ("小区门口夜里噪音大", "联系城管", false),
    ("想找附近的托管班", "介绍信息", true),
    ("下水道总是堵", "请物业疏通", false),
    ("想参加社区的技能培训", "登记报名", true),
    ("单元门禁坏了,谁都能进", "修门禁", false),
    ("居住证到期了怎么续", "告知流程", true),
];

/// 隐患 – words and where.
pub(super) const HAZARDS: &[(&str, &str)] = &[
    ("楼道堆放纸箱,堵了一半通道", "三层楼道"),
    ("电动车电瓶拿到楼道里充电", "一层楼梯口"),
    ("灭火器过期", "电梯厅"),
    ("外墙瓷砖松动", "楼栋北侧"),
    ("燃气软管老化", "厨房"),
    ("井盖松动", "楼前路面"),
];

/// 备注.
pub(super) const NOTES: &[&str] = &[
    "门牌掉了,认门口的红灯笼",
    "周末一般在家",
    "养了狗,先打电话",
    "听力不好,敲门要重",
    "白天上班,晚上七点后在",
];

/// 下次留言.
pub(super) const FOR_NEXT: &[&str] =
    &["下次带医保宣传页", "记得回复楼道灯的事", "晚上来更容易遇到", "可先联系楼栋长"];

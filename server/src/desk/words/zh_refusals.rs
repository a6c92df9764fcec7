//! 中文:不予办理的原因。

pub(super) const WORDS: &[(&str, &str)] = &[
    ("refused.no-unit", "名册中没有这一户,可能刚被合并或迁走。请回到名单再看。"),
    ("refused.several-units", "不止一户符合,请从名单里打开要办的那一户。"),
    ("refused.wrong-unit", "这件事不能对空户办理。"),
    ("refused.no-entry", "没有这条记录,可能刚被办理。请刷新再看。"),
    ("refused.nothing-waits", "没有待确认的事项,可能刚被办理。"),
    ("refused.holds-no-longer", "该记录已不生效,无须再撤回。"),
    ("refused.same-record", "两边是同一条记录。"),
    ("refused.already-joined", "其中一户已并入另一户,请刷新再看。"),
    ("refused.not-joined", "这两户没有合并过。"),
    ("refused.not-living", "该户现不在本社区居住。"),
    ("refused.already-so", "已是如此,无须更改。"),
    ("refused.in-future", "{0} 尚未到来,请到那天再登记(今天 {1})。"),
    ("refused.not-deducted", "{0}没有核减可退回,现为:{1}。"),
    ("refused.not-due", "不应访"),
    ("refused.closed", "{0}已关账,核减只能在关账前退回。"),
    ("refused.other", "没有办成,未作任何更改。请重试;仍不行请联系系统管理员。"),
];

//! Surnames by frequency and given names by generation: residents of eighty are not called as those of eight.

use super::Sex;
use crate::dice::Dice;

/// Surnames of two signs.
pub(super) const COMPOUND: [&str; 3] = ["欧阳", "上官", "司马"];

const COMMON: &[&str] = &[
    "王", "李", "张", "刘", "陈", "杨", "赵", "黄", "周", "吴", "徐", "孙", "胡", "朱", "高", "林", "何",
    "郭", "马", "罗",
];
const LESS_COMMON: &[&str] = &[
    "梁", "宋", "郑", "谢", "韩", "唐", "冯", "于", "董", "萧", "程", "曹", "袁", "邓", "许", "傅", "沈",
    "曾", "彭", "吕", "苏", "卢", "蒋", "蔡", "贾", "丁", "魏", "薛", "叶", "阎", "余", "潘", "杜", "戴",
    "夏", "钟", "汪", "田", "任", "姜", "范", "方", "石", "姚", "谭", "廖", "邹", "熊", "金", "陆", "郝",
    "孔", "白", "崔", "康", "毛", "邱", "秦", "江", "史", "顾", "侯", "邵", "孟", "龙", "万", "段", "雷",
    "钱", "汤", "尹", "黎", "易", "常", "武", "乔", "贺", "赖", "龚", "文",
];

/// Until 1959.
const OLD_WOMEN: &[&str] = &[
    "秀英", "桂英", "秀兰", "玉兰", "凤英", "桂兰", "玉珍", "淑珍", "素珍", "秀珍", "桂芳", "凤兰", "玉英",
    "兰英", "淑兰", "金凤", "翠兰", "菊英", "月英", "惠珍", "淑华", "雪梅",
];
const OLD_MEN: &[&str] = &[
    "德明", "国栋", "文彬", "福生", "长根", "金山", "树林", "永福", "德胜", "玉山", "凤山", "世昌", "家宝",
    "振华", "广田", "忠义", "根生", "水生", "贵生", "宝田", "春林", "桂林",
];
/// 1960 to 1979.
const RED_WOMEN: &[&str] = &[
    "丽华", "红梅", "建华", "秀梅", "玉梅", "春梅", "丽萍", "爱华", "卫红", "小红", "海燕", "艳", "霞", "丽",
    "敏", "静", "玲", "萍", "芳", "燕", "红", "英",
];
const RED_MEN: &[&str] = &[
    "建国", "建军", "卫东", "国庆", "志强", "建华", "国强", "文革", "永强", "志刚", "军", "勇", "强", "伟",
    "刚", "斌", "涛", "红军", "卫国", "跃进", "爱民", "新民",
];
/// 1980 to 1994.
const REFORM_WOMEN: &[&str] = &[
    "婷", "娟", "倩", "雪", "丹", "洁", "琳", "莉", "婷婷", "丽娜", "晓燕", "雅琴", "文静", "佳", "慧", "颖",
    "璐", "娜", "晶晶", "玉洁",
];
const REFORM_MEN: &[&str] = &[
    "磊", "鹏", "超", "杰", "浩", "宇", "峰", "亮", "晨", "凯", "志伟", "晓东", "海涛", "俊杰", "文斌", "帅",
    "飞", "鑫", "旭", "振宇",
];
/// From 1995.
const YOUNG_WOMEN: &[&str] = &[
    "梓涵", "欣怡", "诗涵", "雨桐", "子涵", "思雨", "佳怡", "可馨", "梦瑶", "雨欣", "语嫣", "一诺", "欣妍",
    "若曦", "依诺", "静怡",
];
const YOUNG_MEN: &[&str] = &[
    "浩然", "子轩", "宇轩", "俊熙", "梓豪", "博文", "天佑", "思远", "嘉懿", "明轩", "浩宇", "奕辰", "子睿",
    "昊天", "铭泽", "一鸣",
];

/// A surname; the twenty most common make more than half.
pub(super) fn surname(dice: &mut Dice) -> &'static str {
    match dice.below(1000) {
        0..560 => dice.word(COMMON),
        560..995 => dice.word(LESS_COMMON),
        _ => dice.word(&COMPOUND),
    }
}

/// A given name of the generation born in that year.
pub(super) fn given(dice: &mut Dice, sex: Sex, year: i32) -> &'static str {
    let list = match (year, sex) {
        (..=1959, Sex::Female) => OLD_WOMEN,
        (..=1959, Sex::Male) => OLD_MEN,
        (..=1979, Sex::Female) => RED_WOMEN,
        (..=1979, Sex::Male) => RED_MEN,
        (..=1994, Sex::Female) => REFORM_WOMEN,
        (..=1994, Sex::Male) => REFORM_MEN,
        (_, Sex::Female) => YOUNG_WOMEN,
        (_, Sex::Male) => YOUNG_MEN,
    };
    dice.word(list)
}

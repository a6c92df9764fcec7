//! The words of every finding: what it is and the way out, Chinese and English.

use super::Code;

impl Code {
    /// In Chinese, with the way out.
    #[must_use]
    pub fn zh(&self) -> String {
        match self {
            Self::IdNotKept { count } => {
                format!("{count} 个身份证号已读取并校验,未保存;确需保存的,导入时写明依据")
            }
            Self::CategoryNotKept { category, count } => {
                format!(
                    "类别 {category} 的 {count} 处标记已读取,未保存;请先由机关确认该类别及依据,再导入一次"
                )
            }
            Self::PersonTwice { first } => {
                format!("同一户内此人已在 {first} 出现,只登记一次;若是两个人,请补充出生日期")
            }
            Self::PersonElsewhere { first } => {
                format!("此人在 {first} 的另一户也有登记,两处都保留;请核实现住哪一户")
            }
            Self::SheetFormulas { count } => {
                format!("{count} 个单元格是公式,只读取其上次算出的值,不作计算;请核对这些值")
            }
            Self::SheetLinks { count } => {
                format!("{count} 个单元格带有链接,只读取文字,不打开链接;无需处理")
            }
            _ => self.fixed().0.to_owned(),
        }
    }

    /// In English, with the way out.
    #[must_use]
    pub fn en(&self) -> String {
        match self {
            Self::IdNotKept { count } => {
                format!(
                    "{count} identity numbers read and checked, not kept; to keep them, state the basis with the import"
                )
            }
            Self::CategoryNotKept { category, count } => format!(
                "{count} marks of category {category} read, not kept; let the organ confirm the category and its basis, then import again"
            ),
            Self::PersonTwice { first } => format!(
                "already entered in this household at {first}, entered once; if these are two people, add their dates of birth"
            ),
            Self::PersonElsewhere { first } => {
                format!(
                    "also entered in another household at {first}, both kept; find out where the person lives"
                )
            }
            Self::SheetFormulas { count } => format!(
                "{count} cells are formulas: what each last came to was read, nothing was reckoned; please compare"
            ),
            Self::SheetLinks { count } => {
                format!("{count} cells are links: their words were read, none was followed; nothing to do")
            }
            _ => self.fixed().1.to_owned(),
        }
    }

    /// The texts without parameters.
    fn fixed(&self) -> (&'static str, &'static str) {
        match self {
            Self::IdDigitsLost => (
                "身份证号存成了数字,末几位已丢失,不作猜测;请把该列设为文本后重新录入",
                "identity number stored as a number, its last digits are lost and not guessed; format the column as text and enter it again",
            ),
            Self::IdFullWidth => (
                "身份证号用了全角数字,已转换;无需处理",
                "full-width digits in an identity number, converted; nothing to do",
            ),
            Self::IdLowerX => (
                "身份证号末位小写 x,已转为大写;无需处理",
                "lower-case x in an identity number, converted; nothing to do",
            ),
            Self::IdCheckDigit => (
                "身份证号校验码不符,未采用;请核对证件后更正",
                "check digit of the identity number does not fit, not used; compare with the card and correct it",
            ),
            Self::IdFirstGeneration => (
                "15 位第一代身份证号,原样读取;有新证请更新",
                "first-generation identity number of 15 digits, read as it is; enter the new one if there is one",
            ),
            Self::IdShape => (
                "身份证号不是 18 位,未采用;请核对后更正",
                "identity number does not have 18 digits, not used; compare and correct it",
            ),
            Self::IdBirthDiffers => (
                "出生日期与身份证号不一致,按出生日期栏登记;请核对",
                "date of birth differs from the identity number, the date column was used; please compare",
            ),
            Self::DateConverted => {
                ("日期写法已转换为 年-月-日;无需处理", "date converted to year-month-day; nothing to do")
            }
            Self::CenturyAssumed => (
                "年份只有两位,按 20xx 年理解;请补全四位年份",
                "year of two digits taken as 20xx; write four digits",
            ),
            Self::DateUnread => (
                "日期无法识别,未采用;请写成 2026-03-05",
                "date not understood, not used; write it as 2026-03-05",
            ),
            Self::DateFuture => {
                ("日期晚于今天,未采用;请核对", "date lies after today, not used; please compare")
            }
            Self::DateNoDay => (
                "日期没有写到日,未采用;请写成 2026-03-05",
                "date without a day, not used; write it as 2026-03-05",
            ),
            Self::PhoneSeveral => (
                "一格内有多个电话,第一个作为本人电话,本户另存一个备用电话;其余请在走访时补录",
                "several telephone numbers in one cell: the first is kept with the person, one more as the household's spare; enter others on a visit",
            ),
            Self::PhoneZeroLost => (
                "电话区号开头的 0 可能已丢失,原样保留;请把该列设为文本后补上",
                "the leading 0 of a telephone number seems lost, kept as it is; format the column as text and add it",
            ),
            Self::PhoneUnread => {
                ("电话无法识别,未采用;请核对", "no telephone number could be read, not used; please compare")
            }
            Self::NameUnread => ("姓名栏不是姓名,未采用;请更正", "not a name, not used; correct it"),
            Self::SexUnread => {
                ("性别无法识别,未采用;请写 男 或 女", "sex not understood, not used; write 男 or 女")
            }
            Self::RelationUnread => (
                "与户主关系无法识别,未采用;请写 户主、配偶、子女、父母 等",
                "relation to the head not understood, not used; write 户主, 配偶, 子女, 父母 …",
            ),
            Self::YesNoUnread => {
                ("是否栏无法识别,未采用;请写 是 或 否", "neither yes nor no, not used; write 是 or 否")
            }
            Self::StatusUnread => (
                "房屋状态无法识别,未采用;请写 自住、出租 或 空置",
                "state of the dwelling not understood, not used; write 自住, 出租 or 空置",
            ),
            Self::CategoryUnknown => (
                "人员类别不在六类服务对象之内,未采用;请核对写法",
                "not one of the six categories, not used; check how it is written",
            ),
            Self::CategoryRefused => (
                "涉及健康、司法或信仰的类别不予登记,未采用;请从名册中删除",
                "categories of health, justice or belief are not registered, not used; remove it from the roster",
            ),
            Self::ColumnNotKept => {
                ("此列已识别,默认不保存;无需处理", "column recognised, not kept by default; nothing to do")
            }
            Self::ColumnUnknown => (
                "此列标题无法识别,未读取;如需读取,请指定这一列的含义",
                "heading not understood, column not read; give the column its meaning if it is needed",
            ),
            Self::ColumnTwice => (
                "与前面一列含义相同,未读取;请指定用哪一列",
                "same meaning as an earlier column, not read; say which of them is meant",
            ),
            Self::ColumnHidden => (
                "隐藏列,照常读取;不需要的请删除",
                "hidden column, read all the same; delete it if it is not wanted",
            ),
            Self::CellBroken => (
                "单元格是公式错误值,未采用;请改正公式",
                "error value of a formula, not used; correct the formula",
            ),
            Self::AddressNoDoor => (
                "地址中没有认出门牌,整句保留;可分列填写 幢、单元、室",
                "no door recognised in the address, kept whole; building, stair and door may be given in columns",
            ),
            Self::FloorUnread => {
                ("楼层不是数字,未采用;请填数字", "floor is not a number, not used; write a number")
            }
            Self::RowTotal => ("合计行,已略过;无需处理", "total row, left out; nothing to do"),
            Self::RowRemark => (
                "标题、注释或落款行,已略过;无需处理",
                "title, footnote or signature line, left out; nothing to do",
            ),
            Self::RowExplanation => {
                ("填表说明行,已略过;无需处理", "row of explanations, left out; nothing to do")
            }
            Self::RowHeadingAgain => {
                ("重复的表头行,已略过;无需处理", "headings once more, left out; nothing to do")
            }
            Self::RowHidden => (
                "隐藏行,照常读取;不需要的请删除",
                "hidden row, read all the same; delete it if it is not wanted",
            ),
            Self::RowStruck => (
                "整行有删除线,照常读取;已搬走的请在核实后办理迁出",
                "row struck through, read all the same; if the household has left, record that after checking",
            ),
            Self::RowNotUnderstood => (
                "此行没有地址、户编号或姓名,未读取;请补全",
                "row names no address, household or person, not read; complete it",
            ),
            Self::SheetEmpty => ("空工作表,已略过;无需处理", "empty sheet, left out; nothing to do"),
            Self::SheetHidden => (
                "隐藏的工作表,照常读取;不需要的请删除",
                "hidden sheet, read all the same; delete it if it is not wanted",
            ),
            Self::SheetNoHeadings => (
                "没有认出表头,未读取;是名册的,请指定各列的含义",
                "no headings recognised, not read; if it is a roster give its columns their meanings",
            ),
            Self::PersonUnnamed => (
                "有人员信息但没有可读的姓名,此户保留,此人未登记;请补姓名",
                "somebody without a readable name, household kept, person not entered; add the name",
            ),
            Self::PersonSameName => (
                "同户同名,按两人登记;请核对",
                "two people of one name in one household, entered as two; please compare",
            ),
            Self::PersonGone => (
                "已标为迁出或死亡,未登记为现住;请在户情中核实",
                "marked as moved away or dead, not entered as living here; check the household",
            ),
            Self::PersonOrphan => (
                "此人上方没有所属的户,未登记;请补户编号或地址",
                "no household above this person, not entered; add a household number or an address",
            ),
            Self::HouseholdUnknown => (
                "此户没有可读的地址,或户编号不在房屋表中,已保留但没有门牌;请补地址",
                "no readable address, or a household number that is in no list of dwellings; household kept without a door, add the address",
            ),
            Self::VacantButLivedIn => (
                "房屋标为空置但登记有人,按有人居住登记;请核实",
                "marked vacant, yet people are listed; entered as lived in, please check",
            ),
            Self::NobodyNamed => (
                "没有户主、人员和房屋状态,按空户登记;请核实",
                "no head, people or state given; entered as vacant, please check",
            ),
            Self::CodeTwice => (
                "同一户编号出现在两个门牌,后一处按门牌单独登记;请更正编号",
                "one household number at two doors, the later one entered by its address; correct the number",
            ),
            Self::DoorTwice => (
                "同一门牌重复列出,合并登记;请删除一行",
                "one door listed twice, entered once; delete one row",
            ),
            Self::SecondHead => (
                "同一户有两个户主,都保留;请更正关系或分户",
                "two heads in one household, both kept; correct the relation or split the household",
            ),
            Self::HeadNotListed => (
                "房屋表中的户主不在人口表中,已保留;请核对",
                "the head named with the dwelling is not among its people, kept; please compare",
            ),
            Self::VisitToVacant => (
                "空置房屋有走访日期,未采用;请核实是否有人居住",
                "a visit date for a door where nobody lives, not used; check whether somebody lives there",
            ),
            Self::IdNotKept { .. }
            | Self::SheetFormulas { .. }
            | Self::SheetLinks { .. }
            | Self::CategoryNotKept { .. }
            | Self::PersonTwice { .. }
            | Self::PersonElsewhere { .. } => ("", ""),
        }
    }
}

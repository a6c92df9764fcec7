//! Why a file could not be opened: the place and the way out, in both languages, never the content.

/// A file that was refused. Nothing was changed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SheetError {
    /// No bytes, or no sheet with anything in it.
    #[error(
        "文件是空的:请选择有内容的名册 (.xlsx、.xls 或 .csv) / the file is empty: choose a roster with rows (.xlsx, .xls or .csv)"
    )]
    Empty,
    /// Larger than is read.
    #[error(
        "文件 {megabytes} MB,超过 {limit} MB:请删去图片或按网格拆分后再导入 / the file has {megabytes} MB, more than {limit} MB: remove pictures or split it by grid"
    )]
    TooBig {
        /// Its size.
        megabytes: u64,
        /// The limit.
        limit: u64,
    },
    /// Another kind of file.
    #[error(
        "这是{zh},不是名册:请在 Excel 或 WPS 中打开,另存为 .xlsx 后再导入 / this is {en}, not a roster: open it in Excel or WPS, save as .xlsx and import that"
    )]
    NotARoster {
        /// What it is, in Chinese.
        zh: &'static str,
        /// What it is, in English.
        en: &'static str,
    },
    /// Locked by a password.
    #[error(
        "文件设有打开密码:请在 Excel 或 WPS 中取消密码并另存后再导入 / the file is locked by a password: remove it in Excel or WPS, save and import again"
    )]
    Password,
    /// Cut off or broken.
    #[error(
        "文件已损坏或不完整 ({place}):请重新复制,或在 Excel/WPS 中打开后另存为 .xlsx / the file is damaged or cut off ({place}): copy it again, or open it in Excel/WPS and save as .xlsx"
    )]
    Damaged {
        /// The part that could not be read.
        place: String,
    },
    /// Unpacks to more than is read.
    #[error(
        "文件解开后超过 {limit} MB,已停止读取:请只保留名册所在的工作表,另存后再导入 / the file unpacks to more than {limit} MB, reading stopped: keep only the roster sheet, save and import again"
    )]
    Unpacks {
        /// The limit.
        limit: u64,
    },
    /// The old binary format, where it is not read.
    #[error(
        "这是旧格式 .xls:请在 Excel 或 WPS 中打开,另存为 .xlsx 或 .csv 后再导入 / this is the old format .xls: open it in Excel or WPS, save as .xlsx or .csv and import that"
    )]
    OldFormat,
    /// More sheets than are read.
    #[error(
        "工作表超过 {limit} 个:请只保留名册所在的工作表,另存后再导入 / more than {limit} sheets: keep only the roster sheet, save and import again"
    )]
    TooManySheets {
        /// The limit.
        limit: usize,
    },
    /// More cells in all sheets together than are kept.
    #[error(
        "单元格超过 {limit} 个:请只保留名册所在的工作表和列,或按网格拆分后再导入 / more than {limit} cells: keep only the sheet and columns of the roster, or split it by grid"
    )]
    TooManyCells {
        /// The limit.
        limit: u64,
    },
    /// More text in all cells together than is kept.
    #[error(
        "文字超过 {limit} MB:请只保留名册所在的工作表和列,或按网格拆分后再导入 / more than {limit} MB of text: keep only the sheet and columns of the roster, or split it by grid"
    )]
    TooMuchText {
        /// The limit.
        limit: u64,
    },
    /// A sheet goes further down than is read.
    #[error(
        "工作表“{sheet}”在第 {row} 行还有内容,超过 {limit} 行:请按网格拆分后再导入 / sheet “{sheet}” still has content in row {row}, beyond {limit} rows: split it by grid"
    )]
    TooManyRows {
        /// The sheet.
        sheet: String,
        /// Where.
        row: u32,
        /// The limit.
        limit: u32,
    },
    /// A sheet goes further right than is read.
    #[error(
        "工作表“{sheet}”第 {row} 行在 {column} 列还有内容,超过 {limit} 列:请删去多余的列 / sheet “{sheet}”, row {row} still has content in column {column}, beyond {limit} columns: delete the surplus columns"
    )]
    TooManyColumns {
        /// The sheet.
        sheet: String,
        /// Where.
        row: u32,
        /// Its letters.
        column: String,
        /// The limit.
        limit: u16,
    },
    /// One cell holds too much; in a CSV file mostly a quotation mark that is never closed.
    #[error(
        "工作表“{sheet}”第 {row} 行 {column} 列内容过长:CSV 文件请检查引号是否成对 / sheet “{sheet}”, row {row}, column {column}: far too long; in a CSV file check that quotation marks come in pairs"
    )]
    CellTooLong {
        /// The sheet.
        sheet: String,
        /// Where.
        row: u32,
        /// Its letters.
        column: String,
    },
    /// Neither UTF-8 nor GB18030.
    #[error(
        "第 {line} 行的文字既不是 UTF-8 也不是 GB18030:请在 Excel/WPS 中另存为“CSV UTF-8”或 .xlsx / line {line} is neither UTF-8 nor GB18030: save as “CSV UTF-8” or .xlsx in Excel/WPS"
    )]
    Encoding {
        /// The first such line, from 1.
        line: u64,
    },
    /// Binary content in a text file.
    #[error(
        "第 {line} 行含有非文字内容,这不是表格文本:请另存为 .xlsx 或 .csv / line {line} holds something that is not text: save as .xlsx or .csv"
    )]
    NotText {
        /// The first such line, from 1.
        line: u64,
    },
}

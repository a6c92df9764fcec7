//! 拒答 – why a whole request was refused, in words for the person.

use ruhu_core::sync::wire::{Trouble, TroubleCode};

/// A refusal of a whole request, with words for the person.
#[must_use]
pub fn trouble(code: TroubleCode, hub_ms: i64) -> Trouble {
    let words = match code {
        TroubleCode::BadRequest => "请求无法读取,请更新程序 / the request cannot be read: update the app",
        TroubleCode::Version => "协议版本不同,请更新程序 / another protocol version: update the app",
        TroubleCode::UnknownEnrolment => {
            "中心没有这部手机的登记,请重新登记 / this hub does not know the phone: enrol it again"
        }
        TroubleCode::BadSignature => {
            "签名不符,请重新登记 / the signature does not hold: enrol the phone again"
        }
        TroubleCode::ClockSkew => {
            "手机时间不准,将按中心时间重试 / the phone's clock is off: trying again with the hub's"
        }
        TroubleCode::Erase => {
            "本机登记已注销,记录已由中心收妥,本机数据将清除 / this phone was revoked; its records are safe at the hub and its copy is erased"
        }
        TroubleCode::BadCode => {
            "没有这个登记码,请核对后重试或向社区要新的 / there is no such code: check it, or ask the community for a new one"
        }
        TroubleCode::UsedCode => {
            "登记码已在另一部手机上用过,请向社区要新的 / the code was used on another phone: ask the community for a new one"
        }
        TroubleCode::ExpiredCode => {
            "登记码已过期(24 小时有效),请向社区要新的 / the code is over 24 hours old: ask the community for a new one"
        }
        TroubleCode::TooLarge => "请求过大,请更新程序 / the request is too large: update the app",
        TroubleCode::TooMany => "次数过多,请稍后再试 / too many tries: try again later",
        TroubleCode::Busy => {
            "中心暂时无法应答,记录仍在手机上 / the hub cannot answer now; the records stay on the phone"
        }
    };
    Trouble { code, hub_ms, words: words.to_owned(), retry_after_s: 0, signature: None, keys: None }
}

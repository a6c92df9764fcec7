//! 首次下载 – `GET /v1/bundle` with `Range` and `If-Range`, as RFC 9110 has them for one range.

use axum::body::Body;
use axum::http::{HeaderMap, HeaderName, StatusCode, header};
use axum::response::{IntoResponse, Response};

use crate::ingest::bundle::Ready;

/// What part of a file is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Part {
    Whole,
    /// From the first to the last byte, both counted.
    Bytes(usize, usize),
    /// Outside of the file.
    Nothing,
}

/// The answer to a request with these headers.
pub(super) fn answer(ready: Ready, headers: &HeaderMap) -> Response {
    let etag = format!("\"{}\"", ready.etag);
    let total = ready.bytes.len();
    let text = |name: HeaderName| headers.get(name).and_then(|value| value.to_str().ok());
    let same = text(header::IF_RANGE).is_none_or(|known| known == etag);
    let part = match text(header::RANGE).filter(|_| same) {
        Some(range) => part_of(range, total),
        None => Part::Whole,
    };
    let fixed = [
        (header::ETAG, etag),
        (header::ACCEPT_RANGES, "bytes".to_owned()),
        (header::CONTENT_TYPE, "application/octet-stream".to_owned()),
        // Names are in it: nobody between hub and phone is to keep it.
        (header::CACHE_CONTROL, "private, no-store".to_owned()),
    ];
    let mut bytes = ready.bytes;
    let (status, range) = match part {
        Part::Whole => (StatusCode::OK, None),
        Part::Bytes(first, last) => {
            bytes.truncate(last.saturating_add(1));
            bytes.drain(..first.min(bytes.len()));
            (StatusCode::PARTIAL_CONTENT, Some(format!("bytes {first}-{last}/{total}")))
        }
        Part::Nothing => {
            bytes.clear();
            (StatusCode::RANGE_NOT_SATISFIABLE, Some(format!("bytes */{total}")))
        }
    };
    let mut response = (status, fixed, Body::from(bytes)).into_response();
    if let Some(range) = range.and_then(|range| range.parse().ok()) {
        response.headers_mut().insert(header::CONTENT_RANGE, range);
    }
    response
}

/// A range of several parts, or of another unit, is answered with the whole, as the standard allows.
fn part_of(range: &str, total: usize) -> Part {
    let Some((first, last)) = range.strip_prefix("bytes=").and_then(|range| range.split_once('-')) else {
        return Part::Whole;
    };
    let end = total.saturating_sub(1);
    match (first.trim().parse::<usize>(), last.trim()) {
        (Ok(first), _) if total <= first => Part::Nothing,
        (Ok(first), "") => Part::Bytes(first, end),
        (Ok(first), last) => match last.parse::<usize>() {
            Ok(last) if first <= last => Part::Bytes(first, last.min(end)),
            _ => Part::Whole,
        },
        // The last so many bytes.
        (Err(_), last) if first.trim().is_empty() => match last.parse::<usize>() {
            Ok(0) => Part::Nothing,
            Ok(count) => Part::Bytes(total.saturating_sub(count), end),
            Err(_) => Part::Whole,
        },
        _ => Part::Whole,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_range_is_what_the_standard_says_it_is() {
        for (range, part) in [
            ("bytes=0-", Part::Bytes(0, 9)),
            ("bytes=4-", Part::Bytes(4, 9)),
            ("bytes=4-6", Part::Bytes(4, 6)),
            ("bytes=4-99", Part::Bytes(4, 9)),
            ("bytes=9-9", Part::Bytes(9, 9)),
            ("bytes=10-", Part::Nothing),
            ("bytes=99-100", Part::Nothing),
            ("bytes=-3", Part::Bytes(7, 9)),
            ("bytes=-30", Part::Bytes(0, 9)),
            ("bytes=-0", Part::Nothing),
            ("bytes=6-4", Part::Whole),
            ("bytes=0-1,4-5", Part::Whole),
            ("bytes=x-", Part::Whole),
            ("rows=4-", Part::Whole),
            ("", Part::Whole),
        ] {
            assert_eq!(part_of(range, 10), part, "{range}");
        }
    }
}

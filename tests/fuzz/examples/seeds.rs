//! Writes the corpus every fuzzer begins with: `cargo run -p ruhu-fuzz --example seeds -- FOLDER`. Everything is made by
//! the product itself: phones that work and sync, a sheet, shipped texts.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a tool for developers: what fails is told and ends it"
)]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use ruhu_core::category::Scalar;
use ruhu_core::entry::{Payload, write_cbor};
use ruhu_core::fieldbook::{NewHousehold, NewMember, NewPlace};
use ruhu_core::ids::{Hash32, HubId};
use ruhu_core::policy::{Adoption, RuleTexts};
use ruhu_core::roster::Address;
use ruhu_core::sync::wire::{ENROL_PATH, Pulled, SYNC_PATH, SyncReply, SyncRequest};
use ruhu_core::visit::{MeetingPlace, VisitOutcome};
use ruhu_server::storage::log::Pos;
use ruhu_sim::village::{Village, field};

struct Corpus {
    folder: PathBuf,
    count: BTreeMap<&'static str, usize>,
}

impl Corpus {
    fn put(&mut self, target: &'static str, bytes: &[u8]) {
        let folder = self.folder.join(target);
        std::fs::create_dir_all(&folder).unwrap();
        let name = Hash32::of(&[bytes]).to_string();
        std::fs::write(folder.join(name.get(..16).unwrap()), bytes).unwrap();
        *self.count.entry(target).or_default() += 1;
    }

    fn payload(&mut self, payload: &Payload) {
        self.put("payload", &write_cbor(payload));
        if let Some(change) = payload.body.as_ref().filter(|_| payload.kind == ruhu_core::entry::Kind::Doc) {
            for which in 0..3 {
                self.put("change", &[&[which], change.bytes.as_slice()].concat());
            }
        }
    }

    fn request(&mut self, packed: &[u8], hub: HubId) {
        let body = packed.get(88..).unwrap();
        self.put("frame", body);
        let plain = zstd::decode_all(body).unwrap();
        self.put("request", &plain);
        let request = SyncRequest::from_cbor(&plain).unwrap();
        for push in request.pushes {
            for entry in push.rebuild(hub, ruhu_core::ids::EnrolmentId::from_bytes([2; 16])) {
                self.put("envelope", &entry.envelope.to_bytes());
                self.payload(&entry.payload);
            }
        }
    }

    fn reply(&mut self, packed: &[u8]) {
        let body = packed.get(64..).unwrap();
        self.put("frame", body);
        let plain = zstd::decode_all(body).unwrap();
        self.put("reply", &plain);
        for pull in SyncReply::from_cbor(&plain).unwrap().pulls {
            for one in pull.entries {
                if let Pulled::Payload(payload) = one.entry {
                    self.payload(&payload);
                }
            }
        }
    }
}

fn main() {
    let folder = std::env::args_os().nth(1).expect("a folder");
    let mut corpus = Corpus { folder: folder.into(), count: BTreeMap::new() };
    worked(&mut corpus);
    texts(&mut corpus);
    sheets(&mut corpus);
    corpus.put("backup", &[0]);
    corpus.put("backup", &[0, 0, 0, 18, 1, 2, 1]);
    corpus.put("backup", &[0, 1, 0, 0, 200, 7, 3, 9]);
    corpus.put("backup", b"\x01age-encryption.org/v1\n-> X25519 AAAA\nAAAA\n--- AAAA\n");
}

/// A day of two phones, a hub between them.
fn worked(corpus: &mut Corpus) {
    let village = Village::new(3, 2);
    let hub = village.hub.hub().id();
    let homes = village.homes(1);
    let (mut one, mut two) = (village.phone(1, "one"), village.phone(1, "two"));
    village.to("2026-07-02 10:00");
    let mut note = homes[0].met();
    note.body.note = "灯坏了".to_owned();
    let saved = one.book.save_visit(note, &field("p/phone", "13800000001")).unwrap();
    one.book.save_visit(homes[1].draft(VisitOutcome::NotHome { note_left: true }), &[]).unwrap();
    two.book.edit_fields(homes[0].unit(), &field("p/phone", "13800000002")).unwrap();
    let address = Address { estate: "阳光小区".into(), door: "909".into(), ..Address::default() };
    let found = NewHousehold {
        place: NewPlace::New { address, grid: village.grid(1) },
        moved_in_on: None,
        split_from: None,
        members: vec![NewMember { fields: vec![("name".into(), Scalar::from("模拟"))] }],
        fields: Vec::new(),
        reason: "新租户".into(),
    };
    one.book.new_household(&found).unwrap();
    for nth in [1, 2, 1] {
        let phone = if nth == 1 { &mut one } else { &mut two };
        phone.book.sync_now();
        let request = phone.book.sync_request().unwrap().unwrap();
        corpus.request(&request.body, hub);
        let (status, reply) = village.hub.answer(SYNC_PATH, &request.body).unwrap();
        corpus.reply(&reply);
        phone.book.take_sync_response(status, &reply).unwrap();
    }
    one.book.withdraw(saved.record.unwrap(), "看错门牌").unwrap();
    one.book.save_visit(homes[0].draft(VisitOutcome::Met { place: MeetingPlace::Inside }), &[]).unwrap();
    one.book.sync_now();
    corpus.request(&one.book.sync_request().unwrap().unwrap().body, hub);

    // Enrolment, refusal, scanned code.
    let code = village.hub.hub().make_code(village.hub.community(), village.worker(1)).unwrap();
    let asked = one.book.enrol_request(&code, "手机").unwrap();
    corpus.put("enrol", &asked);
    corpus.put("enrol", &village.hub.answer(ENROL_PATH, &asked).unwrap().1);
    corpus.put("enrol", &village.hub.answer(ENROL_PATH, &asked).unwrap().1);
    corpus.put("enrol", &village.hub.answer(SYNC_PATH, b"nonsense").unwrap().1);
    corpus.put(
        "enrol",
        b"https://hub.example/app/#enrol=AB12-CD34&key=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
    );

    let checkpoint = village.hub.hub().checkpoint().unwrap().unwrap();
    corpus.put("statement", &serde_json::to_vec(&checkpoint).unwrap());
    for with_body in [true, false] {
        let proof = village.hub.hub().prove(Pos(12), with_body).unwrap();
        corpus.put("statement", &serde_json::to_vec(&proof).unwrap());
    }
}

fn texts(corpus: &mut Corpus) {
    let mut put = |which: u8, text: &str| corpus.put("policy", &[&[which], text.as_bytes()].concat());
    for (_, text) in RuleTexts::FILES {
        // A whole text is long; the fuzzer is quicker with its beginning, and both are read.
        put(0, text);
        put(0, text.split("\n\n").take(6).collect::<Vec<_>>().join("\n\n").as_str());
    }
    put(1, Adoption::EXAMPLE);
    put(3, "source = \"x\"\noff = [2026-10-01]\non = [2026-10-10]\n");
    let forms = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../core/policies/categories.toml");
    put(2, &std::fs::read_to_string(forms).unwrap());
}

fn sheets(corpus: &mut Corpus) {
    let csv = "楼栋,单元,门牌,户主,身份证号,电话,人数,网格,低保,备注\n\
               3栋,2,501,模拟甲,110101199003070011,13800000000,3,第1网格,是,\n\
               3栋,2,502,模拟乙,,010-88888888,2,第1网格,,租户\n";
    corpus.put("sheet", csv.as_bytes());
    corpus.put(
        "sheet",
        &csv.replace(',', "\t").encode_utf16().flat_map(u16::to_le_bytes).fold(
            vec![0xff, 0xfe],
            |mut all, byte| {
                all.push(byte);
                all
            },
        ),
    );
    let cell = |at: &str, text: &str| format!("<c r=\"{at}\" t=\"inlineStr\"><is><t>{text}</t></is></c>");
    let row = |nth: usize, words: [&str; 4]| {
        let cells: String = words
            .iter()
            .zip(["A", "B", "C", "D"])
            .map(|(text, column)| cell(&format!("{column}{nth}"), text))
            .collect();
        format!("<row r=\"{nth}\">{cells}</row>")
    };
    let sheet = format!(
        "<worksheet xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\"><cols><col min=\"3\" max=\"3\" hidden=\"1\"/></cols><sheetData>{}{}<row r=\"3\" hidden=\"1\"><c r=\"A3\" t=\"s\"><v>0</v></c><c r=\"B3\" s=\"1\"><v>45000</v></c></row></sheetData><mergeCells><mergeCell ref=\"A3:A4\"/></mergeCells></worksheet>",
        row(1, ["地址", "户主", "电话", "人数"]),
        row(2, ["3栋2单元501室", "模拟甲", "13800000000", "3"]),
    );
    let words = "<sst><si><t>3栋</t></si></sst>";
    let styles = "<styleSheet><fonts><font/><font><strike/></font></fonts><cellXfs><xf numFmtId=\"0\"/><xf numFmtId=\"14\" fontId=\"1\"/></cellXfs></styleSheet>";
    let between = "\n%%\n";
    corpus.put("workbook", sheet.as_bytes());
    corpus.put("workbook", [sheet.as_str(), words, styles].join(between).as_bytes());
}

//! 加密文件 – the phone's file under a key that lies in a file of its own. On a real phone the keystore holds it.

use std::path::{Path, PathBuf};

use ruhu_core::fieldbook::Fieldbook;

use super::{Cli, Command, Hands, PhoneError, Printer};

/// Where the key lies.
#[derive(Debug, clap::Args)]
pub struct RekeyArgs {
    /// 新密钥文件 / the file of the new key.
    #[arg(long)]
    pub new_key_file: PathBuf,
}

/// Opens the phone's file, with its key where one is named.
pub(super) fn open(path: &str, cli: &Cli, hands: Hands) -> Result<Fieldbook, PhoneError> {
    let app = concat!("ruhu-phone/", env!("CARGO_PKG_VERSION"));
    match &cli.key_file {
        None => Ok(Fieldbook::open(path, app, hands.clock, hands.rng)?),
        Some(key_file) => with_key(path, key_file, app, hands),
    }
}

#[cfg(feature = "sqlcipher")]
fn with_key(path: &str, key_file: &Path, app: &str, hands: Hands) -> Result<Fieldbook, PhoneError> {
    let key = read(key_file, path)?;
    Ok(Fieldbook::open_encrypted(path, &key, app, hands.clock, hands.rng)?)
}

#[cfg(not(feature = "sqlcipher"))]
fn with_key(_: &str, _: &Path, _: &str, _: Hands) -> Result<Fieldbook, PhoneError> {
    Err(PhoneError::NoCipher)
}

/// What is done to the file as a whole, before anything opens it; `None` for every other command.
#[cfg(feature = "sqlcipher")]
pub(super) fn whole_file(path: &str, cli: &Cli, to: &mut Printer<'_>) -> Option<Result<(), PhoneError>> {
    use ruhu_core::fieldbook::FieldbookError;
    use ruhu_core::store::Store;

    let key = || match cli.key_file.as_deref() {
        Some(key_file) => read(key_file, path),
        None => {
            Err(PhoneError::Usage("请指定 --key-file / name the file of the key with --key-file".to_owned()))
        }
    };
    let of_store = |why| PhoneError::Book(FieldbookError::Store(why));
    let changed = match &cli.command {
        Command::Encrypt => key().and_then(|key| Store::encrypt(path, &key).map_err(of_store)),
        Command::Rekey(args) => key().and_then(|key| {
            let new = read(&args.new_key_file, path)?;
            Store::rekey(path, &key, &new).map_err(of_store)
        }),
        _ => return None,
    };
    Some(changed.and_then(|changed| {
        to.print(&changed, |changed| {
            let words = if *changed {
                "已写好,原内容一项不少。旧文件的字节仍可能留在存储芯片上 / done, nothing is missing; bytes of the old file may remain on the chips it lay on"
            } else {
                "无需改动:没有此文件,或已是此密钥 / nothing to do: there is no such file, or it has this key already"
            };
            words.to_owned()
        })
    }))
}

#[cfg(not(feature = "sqlcipher"))]
pub(super) fn whole_file(_: &str, cli: &Cli, _: &mut Printer<'_>) -> Option<Result<(), PhoneError>> {
    matches!(cli.command, Command::Encrypt | Command::Rekey(_)).then_some(Err(PhoneError::NoCipher))
}

/// 32 raw bytes, or 64 digits. Not from the folder of the phone's file: whoever copies that folder would have both.
#[cfg(feature = "sqlcipher")]
fn read(key_file: &Path, store: &str) -> Result<ruhu_core::store::StoreKey, PhoneError> {
    use zeroize::Zeroizing;

    let io = |source| PhoneError::File(key_file.to_owned(), source);
    let held = Zeroizing::new(std::fs::read(key_file).map_err(io)?);
    let folder = |path: &Path| {
        let parent = path.parent().filter(|parent| !parent.as_os_str().is_empty());
        parent.unwrap_or_else(|| Path::new(".")).canonicalize()
    };
    if folder(Path::new(store)).ok() == Some(folder(key_file).map_err(io)?) {
        return Err(PhoneError::Usage(
            "密钥文件与数据文件在同一文件夹:拷走文件夹就等于拷走密钥,请放到别处 / the key lies beside the file: who copies the folder has both, keep it elsewhere"
                .to_owned(),
        ));
    }
    let mut key = Zeroizing::new([0u8; 32]);
    let digits = held.trim_ascii();
    if held.len() == 32 {
        key.copy_from_slice(&held);
    } else if digits.len() == 64 && digits.iter().all(u8::is_ascii_hexdigit) {
        for (byte, pair) in key.iter_mut().zip(digits.chunks(2)) {
            *byte = pair.iter().fold(0, |value, digit| value << 4 | value_of(*digit));
        }
    } else {
        return Err(PhoneError::Usage(
            "密钥文件须为 32 字节,或 64 位十六进制数:head -c 32 /dev/urandom > 文件 / the file of the key holds 32 bytes, or 64 hexadecimal digits: head -c 32 /dev/urandom > FILE"
                .to_owned(),
        ));
    }
    Ok(ruhu_core::store::StoreKey::new(*key))
}

#[cfg(feature = "sqlcipher")]
const fn value_of(digit: u8) -> u8 {
    match digit {
        b'0'..=b'9' => digit - b'0',
        _ => (digit | 0x20) - b'a' + 10,
    }
}

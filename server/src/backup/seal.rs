//! Packing and encrypting a database file, and the way back. Streams: a county's database need not fit into memory.

use std::fs::File;
use std::io::{BufRead, BufReader, BufWriter, Read, Write};
use std::path::Path;

use age::x25519::Recipient;
use age::{DecryptError, Decryptor, Encryptor};

use super::key::RecoveryKey;

/// Speed before size: a backup is made every night.
const LEVEL: i32 = 3;
/// How every file of the format begins.
const MAGIC: &[u8] = b"age-encryption.org/v1\n";

/// Why a backup could not be sealed or opened.
#[derive(Debug, thiserror::Error)]
pub enum SealError {
    /// Reading or writing a file while packing.
    #[error("加密备份:请检查空间和权限 / encrypt the backup: check the space and the permissions")]
    Write(#[source] std::io::Error),
    /// The encryption itself.
    #[error("加密备份 / encrypt the backup")]
    Encrypt(#[source] age::EncryptError),
    /// Not the kind of file `ruhu backup` writes.
    #[error(
        "此文件不是入户的备份:请选 ruhu backup 写出的文件 / this file is no backup of Ruhu: choose one that `ruhu backup` wrote"
    )]
    Foreign,
    /// Encrypted to another key.
    #[error(
        "密钥不对:此备份是用另一把恢复密钥加密的,请找当时的密钥文件 / the wrong key: this backup was encrypted to another recovery key, look for the key file of that time"
    )]
    WrongKey,
    /// Cut short or changed since it was written.
    #[error(
        "备份文件不完整或被改动过:请换另一份备份,或从原处重新复制 / the backup is cut short or was altered: take another one, or copy it again from where it was written"
    )]
    Altered(#[source] std::io::Error),
    /// The plain copy could not be written.
    #[error(
        "写出解密后的数据库:请检查空间和权限 / write the decrypted database: check the space and the permissions"
    )]
    Plain(#[source] std::io::Error),
}

/// Packs and encrypts `plain` into `to`, and makes it durable.
///
/// # Errors
/// [`SealError::Write`], [`SealError::Encrypt`].
pub fn seal(plain: &Path, to: File, recipient: &Recipient) -> Result<(), SealError> {
    let encryptor = Encryptor::with_recipients(std::iter::once(recipient as &dyn age::Recipient))
        .map_err(SealError::Encrypt)?;
    let mut from = BufReader::new(File::open(plain).map_err(SealError::Write)?);
    let written = || -> std::io::Result<()> {
        let sealed = encryptor.wrap_output(BufWriter::new(to))?;
        let mut packed = zstd::Encoder::new(sealed, LEVEL)?;
        std::io::copy(&mut from, &mut packed)?;
        let mut out = packed.finish()?.finish()?;
        out.flush()?;
        out.get_ref().sync_all()
    };
    written().map_err(SealError::Write)
}

/// Decrypts and unpacks a backup into `plain`, and makes it durable.
///
/// # Errors
/// [`SealError`]; what `plain` holds then is of no use.
pub fn open(sealed: impl Read, plain: File, key: &RecoveryKey) -> Result<(), SealError> {
    let mut sealed = BufReader::new(sealed);
    let start = sealed.fill_buf().map_err(SealError::Altered)?;
    // A file that is shorter than this and begins alike was one of ours.
    if start.iter().zip(MAGIC).any(|(one, other)| one != other) {
        return Err(SealError::Foreign);
    }
    let opened = Decryptor::new(sealed).map_err(of_header)?;
    let opened = opened.decrypt(std::iter::once(key.identity() as &dyn age::Identity)).map_err(of_header)?;
    let mut packed = zstd::Decoder::new(opened).map_err(SealError::Altered)?;
    let mut out = BufWriter::new(plain);
    let mut block = vec![0; 64 * 1024];
    loop {
        let read = packed.read(&mut block).map_err(SealError::Altered)?;
        let Some(bytes) = block.get(..read).filter(|bytes| !bytes.is_empty()) else { break };
        out.write_all(bytes).map_err(SealError::Plain)?;
    }
    // The last block of the encryption proves that nothing was cut off behind the packed data either.
    let mut rest = packed.finish();
    let mut behind = Vec::new();
    rest.read_to_end(&mut behind).map_err(SealError::Altered)?;
    out.flush().and_then(|()| out.get_ref().sync_all()).map_err(SealError::Plain)
}

fn of_header(why: DecryptError) -> SealError {
    match why {
        DecryptError::NoMatchingKeys | DecryptError::KeyDecryptionFailed => SealError::WrongKey,
        other => SealError::Altered(std::io::Error::other(other.to_string())),
    }
}

//! Zip archives: the directory is rawzip's, the decompression flate2's and bzip2's.

use rawzip::{CompressionMethod, ZipArchive, ZipFileHeaderRecord, ZipSliceArchive};

use super::{Member, Unpacking};

/// Documents of office programs are zip archives too. Nobody wants them unpacked.
pub(super) fn is_document(bytes: &[u8]) -> bool {
    document(bytes).is_some()
}

/// What kind of a document a zip archive is.
pub(in crate::read) fn document(bytes: &[u8]) -> Option<&'static str> {
    let archive = ZipArchive::from_slice(bytes).ok()?;
    let mut entries = archive.entries();
    let (mut is_office, mut is_visio) = (false, false);
    // The parts that tell a document stand at its start.
    for _ in 0..64 {
        let Ok(Some(entry)) = entries.next_entry() else { break };
        let name = entry.file_path().as_bytes();
        is_office |= name == b"[Content_Types].xml";
        is_visio |= name.starts_with(b"visio/");
        if name == b"mimetype"
            && stored(&archive, &entry).is_some_and(|text| text.starts_with(b"application/vnd.oasis."))
        {
            return Some("an OpenDocument file");
        }
    }
    match (is_office, is_visio) {
        (true, true) => Some("a drawing of Visio (`.vsdx`)"),
        (true, false) => Some("an Office document"),
        (false, _) => None,
    }
}

fn stored<'a>(archive: &'a ZipSliceArchive<&[u8]>, entry: &ZipFileHeaderRecord<'_>) -> Option<&'a [u8]> {
    archive.get_entry(entry.wayfinder()).ok().map(|entry| entry.data())
}

pub(super) fn read(unpacking: &mut Unpacking<'_>, name: &str, bytes: &[u8], mut take: impl FnMut(Member)) {
    let Ok(archive) = ZipArchive::from_slice(bytes) else {
        unpacking.refuse(name, "is no zip archive, or is cut off: its directory at the end is missing", None);
        return;
    };
    let mut entries = archive.entries();
    loop {
        let entry = match entries.next_entry() {
            Ok(Some(entry)) => entry,
            Ok(None) => return,
            Err(_) => {
                unpacking.refuse(name, "has a damaged directory; what stands behind the damage is not read", None);
                return;
            }
        };
        if !unpacking.count(name) {
            return;
        }
        if entry.is_dir() {
            continue;
        }
        let member = unpacking.name(name, entry.file_path().as_bytes());
        if entry.flags().is_encrypted() {
            unpacking.refuse(&member, "is encrypted", None);
            continue;
        }
        let Ok(found) = archive.get_entry(entry.wayfinder()) else {
            unpacking.refuse(&member, "is not where the archive's directory says", None);
            continue;
        };
        let data = found.data();
        let member = match entry.compression_method() {
            CompressionMethod::STORE => unpacking.expand(&member, data, |rest| rest.len(), data),
            CompressionMethod::DEFLATE => {
                unpacking.expand(&member, flate2::bufread::DeflateDecoder::new(data), |it| it.get_ref().len(), data)
            }
            CompressionMethod::BZIP2 => {
                unpacking.expand(&member, bzip2::bufread::BzDecoder::new(data), |it| it.get_ref().len(), data)
            }
            other => {
                let why = format!("is compressed by a method that is not read (number {})", other.as_u16());
                unpacking.refuse(&member, why, None);
                None
            }
        };
        if let Some(mut member) = member {
            let is_whole = rawzip::crc32(&member.bytes) == entry.crc32();
            if member.damage.is_none() && !is_whole && member.bytes.len() <= unpacking.limits.file {
                member.damage = Some("is damaged in the archive: its checksum is wrong");
            }
            take(member);
        }
        if unpacking.is_over {
            return;
        }
    }
}

//! Tar archives.

use super::{Member, Unpacking};

/// Whether `bytes` start with the header of a tar archive: its checksum fits.
pub(super) fn is_tar(bytes: &[u8]) -> bool {
    let Some(header) = bytes.get(..512) else { return false };
    let (before, after) = (header.get(..148).unwrap_or_default(), header.get(156..).unwrap_or_default());
    let sum: u32 = before.iter().chain(after).map(|&byte| u32::from(byte)).sum::<u32>() + 8 * u32::from(b' ');
    let field = header.get(148..156).unwrap_or_default();
    let digits: String = field.iter().map(|&byte| char::from(byte)).filter(char::is_ascii_digit).collect();
    header.first() != Some(&0) && u32::from_str_radix(&digits, 8).is_ok_and(|written| written == sum)
}

pub(super) fn read(unpacking: &mut Unpacking<'_>, name: &str, bytes: &[u8], mut take: impl FnMut(Member)) {
    let mut archive = ::tar::Archive::new(bytes);
    let Ok(entries) = archive.entries() else {
        return unpacking.refuse(name, "is a damaged tar archive", None);
    };
    for entry in entries {
        let Ok(mut entry) = entry else {
            unpacking.refuse(name, "is damaged or cut off; what stands behind the damage is not read", None);
            return;
        };
        if !unpacking.count(name) {
            return;
        }
        let kind = entry.header().entry_type();
        if kind.is_dir() || kind.is_symlink() || kind.is_hard_link() {
            continue;
        }
        let member = unpacking.name(name, &entry.path_bytes());
        if !kind.is_file() && !kind.is_contiguous() {
            unpacking.refuse(&member, "is no plain file", None);
            continue;
        }
        let size = entry.size();
        // Nothing is compressed here: what comes out is what went in.
        if let Some(mut member) = unpacking.expand(&member, &mut entry, |_| 0, bytes) {
            let is_whole = u64::try_from(member.bytes.len()).is_ok_and(|length| length >= size);
            if !is_whole && member.bytes.len() <= unpacking.limits.file {
                member.damage = Some("is not whole: the archive is cut off");
            }
            take(member);
        }
        if unpacking.is_over {
            return;
        }
    }
}

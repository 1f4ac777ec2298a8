//! What counts as a signature, to the bit.

use super::*;

fn signed(manifest: &[u8]) -> (String, Signers) {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("key");
    new_key(&path, "R. Clerk", None).unwrap();
    let key = PrivateKey::read_openssh_file(&path).unwrap();
    let signature = key.sign(NAMESPACE, HashAlg::Sha512, manifest).unwrap().to_pem(LineEnding::LF).unwrap();
    (signature, Signers::read(&dir.path().join("key.pub")).unwrap())
}

#[test]
fn no_changed_bit_is_taken() {
    let manifest = b"{\"outputs\": []}\n";
    let (signature, signers) = signed(manifest);
    let good = check(manifest, Some(signature.as_bytes()), &signers).unwrap();
    assert_eq!(good.name, "R. Clerk");
    for at in 0..manifest.len() * 8 {
        let mut changed = manifest.to_vec();
        changed[at / 8] ^= 1 << (at % 8);
        let bad = check(&changed, Some(signature.as_bytes()), &signers);
        assert_eq!(bad, Err(BadSignature::Wrong { name: "R. Clerk".into() }), "bit {at}");
    }
    // Of the signature, whatever stands before the end line.
    let body = signature.find("-----END").unwrap();
    for at in 0..body * 8 {
        let mut changed = signature.clone().into_bytes();
        changed[at / 8] ^= 1 << (at % 8);
        // A line end that became another blank says the same.
        if !(signature.as_bytes()[at / 8] == b'\n' && changed[at / 8].is_ascii_whitespace()) {
            assert!(check(manifest, Some(&changed), &signers).is_err(), "bit {at}");
        }
    }
    for end in 0..body {
        assert_eq!(check(manifest, signature.as_bytes().get(..end), &signers), Err(BadSignature::Malformed));
    }
}

proptest::proptest! {
    /// Whatever stands in the two files, the answer is a sentence.
    #[test]
    fn any_bytes_are_answered(signature in "(-----BEGIN SSH SIGNATURE-----\n)?[A-Za-z0-9+/=\n]{0,200}(\n-----END SSH SIGNATURE-----\n)?", file in "[ -~\n]{0,200}") {
        let (_, signers) = signed(b"");
        assert!(check(b"", Some(signature.as_bytes()), &signers).is_err());
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("signers");
        std::fs::write(&path, file).unwrap();
        let _ = Signers::read(&path);
    }
}

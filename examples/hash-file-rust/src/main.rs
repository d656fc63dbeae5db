//! Prints the SHA-256 of files, or of the standard input, as `sha256sum` does.

mod wasi_crypto;

use std::error::Error;
use std::fs::File;
use std::io::{stdin, Read};
use wasi_crypto::Hash;

fn main() {
    let mut names: Vec<String> = std::env::args().skip(1).collect();
    if names.is_empty() {
        names.push("-".to_string());
    }
    let mut failed = false;
    for name in names {
        match digest(&name) {
            Ok(digest) => println!("{digest}  {name}"),
            Err(error) => {
                eprintln!("{name}: {error}");
                failed = true;
            }
        }
    }
    if failed {
        std::process::exit(1);
    }
}

fn digest(name: &str) -> Result<String, Box<dyn Error>> {
    let mut input: Box<dyn Read> = if name == "-" { Box::new(stdin()) } else { Box::new(File::open(name)?) };
    let mut hash = Hash::new("SHA-256").map_err(|errno| errno.to_string())?;
    let mut piece = vec![0; 65536];
    loop {
        let count = input.read(&mut piece)?;
        if count == 0 {
            break;
        }
        hash.update(&piece[..count]).map_err(|errno| errno.to_string())?;
    }
    let digest: [u8; 32] = hash.finish().map_err(|errno| errno.to_string())?;
    Ok(digest.iter().map(|byte| format!("{byte:02x}")).collect())
}

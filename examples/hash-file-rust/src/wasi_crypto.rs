//! What this guest uses of wasi-crypto 0.10: the imports as they are, and a hash function over them that closes its state.

use std::fmt;

/// The imports. `wasi-crypto-gen inspect 0.10 symmetric_state_open` tells the parameters of any function.
mod raw {
    /// Tag 0 and a handle, or tag 1 for none.
    #[repr(C)]
    pub struct OptHandle {
        pub tag: u8,
        pub handle: u32,
    }

    #[link(wasm_import_module = "wasi_ephemeral_crypto_symmetric")]
    extern "C" {
        pub fn symmetric_state_open(
            algorithm: *const u8,
            algorithm_len: usize,
            key: *const OptHandle,
            options: *const OptHandle,
            state: *mut u32,
        ) -> u32;
        pub fn symmetric_state_absorb(state: u32, data: *const u8, data_len: usize) -> u32;
        pub fn symmetric_state_squeeze(state: u32, out: *mut u8, out_len: usize) -> u32;
        pub fn symmetric_state_close(state: u32) -> u32;
    }
}

/// An errno that is not `success`: its number is the place of its name in `crypto_errno`.
#[derive(Debug, PartialEq)]
pub struct Errno(pub u32);

impl fmt::Display for Errno {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "crypto_errno {}", self.0)
    }
}

fn check(errno: u32) -> Result<(), Errno> {
    if errno == 0 {
        Ok(())
    } else {
        Err(Errno(errno))
    }
}

pub struct Hash(u32);

impl Hash {
    pub fn new(algorithm: &str) -> Result<Hash, Errno> {
        let none = raw::OptHandle { tag: 1, handle: 0 };
        let mut state = 0;
        // All pointers are into live values, and the host keeps none.
        check(unsafe { raw::symmetric_state_open(algorithm.as_ptr(), algorithm.len(), &none, &none, &mut state) })?;
        Ok(Hash(state))
    }

    pub fn update(&mut self, data: &[u8]) -> Result<(), Errno> {
        check(unsafe { raw::symmetric_state_absorb(self.0, data.as_ptr(), data.len()) })
    }

    pub fn finish<const SIZE: usize>(self) -> Result<[u8; SIZE], Errno> {
        let mut digest = [0; SIZE];
        check(unsafe { raw::symmetric_state_squeeze(self.0, digest.as_mut_ptr(), SIZE) })?;
        Ok(digest)
    }
}

impl Drop for Hash {
    fn drop(&mut self) {
        unsafe { raw::symmetric_state_close(self.0) };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sha_256_of_abc_is_that_of_fips_180() {
        let mut hash = Hash::new("SHA-256").unwrap();
        hash.update(b"abc").unwrap();
        let digest: [u8; 32] = hash.finish().unwrap();
        assert_eq!(digest[..4], [0xba, 0x78, 0x16, 0xbf]);
        assert_eq!(digest[28..], [0xf2, 0x00, 0x15, 0xad]);
    }

    #[test]
    fn an_unknown_algorithm_is_refused() {
        assert_eq!(Hash::new("SHA-257").err(), Some(Errno(6 /* unsupported_algorithm */)));
    }
}

//! `qr_decode`: the text of a code that somebody held before the camera.

use shared::{
    document::Sealer as _,
    paper::qr::{self, QrError},
};

use super::honest;

/// Reads the input; gives `genuine`, `read` or the code of the refusal.
pub fn run(input: &[u8]) -> &'static str {
    let text = String::from_utf8_lossy(input);
    let public_key = honest::key().public_key();
    let genuine = qr::verify_qr(&text, &public_key);
    let read = qr::read_qr(&text);
    let _ = qr::verify_qr(&text, &[9; 32]);
    match (&genuine, &read) {
        (Ok(genuine), Ok(read)) => {
            assert_eq!(genuine, read);
            // Only the one code that the device signed is genuine: nothing in it can be changed.
            let core = honest::receipt_core();
            assert_eq!(
                (read.amount, read.day, &read.number),
                (core.amount, core.day, &core.number)
            );
            assert_eq!(read.payer, core.customer_name);
            "genuine"
        }
        (Err(QrError::BadSignature), Ok(facts)) => {
            let number: Result<shared::receipt::ReceiptNumber, _> =
                facts.number.to_string().parse();
            assert_eq!(
                number.as_ref(),
                Ok(&facts.number),
                "a number that does not read back"
            );
            assert_eq!(facts.amount.to_string().parse(), Ok(facts.amount));
            assert_eq!(facts.day.to_string().parse(), Ok(facts.day));
            "read"
        }
        (Err(error), Err(same)) => {
            assert_eq!(error, same);
            error.code()
        }
        _ => panic!("{genuine:?} but {read:?}"),
    }
}

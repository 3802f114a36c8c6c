//! A reader of QR codes that did not make them: what is drawn is what was meant.

/// Reads the one code of a drawing, given whether each of its modules is dark.
pub(crate) fn read(width: usize, height: usize, is_dark: impl Fn(usize, usize) -> bool) -> String {
    /// Points of a module, as a camera has several of each.
    const POINTS: usize = 4;
    let mut image =
        rqrr::PreparedImage::prepare_from_greyscale(width * POINTS, height * POINTS, |x, y| {
            if is_dark(x / POINTS, y / POINTS) {
                0
            } else {
                255
            }
        });
    let codes = image.detect_grids();
    assert_eq!(codes.len(), 1);
    codes[0].decode().unwrap().1
}

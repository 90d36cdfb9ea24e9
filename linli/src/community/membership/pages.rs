//! Pages.
use crate::people::routes::Routes;
pub fn routes() -> Routes {
    Routes::new()
}

//! Straight-line distance.

/// A point on the ground.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Place {
    /// Degrees north.
    pub lat: f64,
    /// Degrees east.
    pub long: f64,
}

/// Mean radius of the Earth, miles (IUGG: 6,371.0088 km).
const EARTH_RADIUS: f64 = 3_958.761_3;

/// Great-circle miles between two points (haversine).
pub fn miles(a: Place, b: Place) -> f64 {
    let (lat_a, lat_b) = (a.lat.to_radians(), b.lat.to_radians());
    let half_lat = (lat_b - lat_a) / 2.0;
    let half_long = (b.long - a.long).to_radians() / 2.0;
    let h = half_lat.sin().powi(2) + lat_a.cos() * lat_b.cos() * half_long.sin().powi(2);
    2.0 * EARTH_RADIUS * h.sqrt().min(1.0).asin()
}

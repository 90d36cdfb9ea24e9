//! Waves in a square of values.

use std::sync::Arc;

use rustfft::num_complex::Complex32;
use rustfft::{Fft, FftPlanner};

/// Transforms squares of one size.
pub struct Fourier {
    edge: usize,
    plan: Arc<dyn Fft<f32>>,
    turned: Vec<Complex32>,
    scratch: Vec<Complex32>,
}

impl Fourier {
    pub fn new(edge: usize) -> Fourier {
        let plan = FftPlanner::new().plan_fft_forward(edge);
        let scratch = vec![Complex32::default(); plan.get_inplace_scratch_len()];
        Fourier {
            edge,
            plan,
            turned: vec![Complex32::default(); edge * edge],
            scratch,
        }
    }

    /// The sum over all points of value times `exp(-i TAU (k x) / edge)`, for each pair k.
    pub fn forward(&mut self, square: &mut [Complex32]) {
        let edge = self.edge;
        self.plan.process_with_scratch(square, &mut self.scratch);
        turn(square, &mut self.turned, edge);
        self.plan
            .process_with_scratch(&mut self.turned, &mut self.scratch);
        turn(&self.turned, square, edge);
    }
}

/// Rows become columns, block by block as the caches like it.
fn turn(from: &[Complex32], to: &mut [Complex32], edge: usize) {
    const BLOCK: usize = 16;
    for top in (0..edge).step_by(BLOCK) {
        for left in (0..edge).step_by(BLOCK) {
            for y in top..(top + BLOCK).min(edge) {
                for x in left..(left + BLOCK).min(edge) {
                    to[x * edge + y] = from[y * edge + x];
                }
            }
        }
    }
}

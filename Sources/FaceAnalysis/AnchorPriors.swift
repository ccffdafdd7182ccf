/// The grid of points at which YuNet asks whether a face is there: one for each cell of a stride.
///
/// A cell of stride `s` in column `c` and row `r` has its prior point at `(c·s, r·s)`. Predicted
/// offsets are in cells and predicted sizes in cells' logarithms, so that one set of weights
/// serves every stride.
package struct AnchorPriors: Hashable, Sendable {
  /// The pixels between neighbouring cells on the three levels of the network, finest first.
  package static let strides = [8, 16, 32]

  /// Both sides of the network's input are multiples of this: the coarsest stride.
  package static let alignment = 32

  package let stride: Int
  package let columns: Int
  package let rows: Int

  /// The cells of one level for an input that is `width × height` pixels after padding.
  ///
  /// - Precondition: both sides are multiples of ``alignment``.
  package init(stride: Int, paddedWidth: Int, paddedHeight: Int) {
    precondition(paddedWidth % Self.alignment == 0 && paddedHeight % Self.alignment == 0)
    self.stride = stride
    self.columns = paddedWidth / stride
    self.rows = paddedHeight / stride
  }

  package var count: Int { columns * rows }

  /// The next multiple of ``alignment``: the side of an input after padding.
  package static func padded(_ side: Int) -> Int { (side + alignment - 1) / alignment * alignment }
}

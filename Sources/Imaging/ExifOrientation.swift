/// What must be done to the stored pixels to show the image upright (EXIF 2.32, tag 274).
public enum ExifOrientation: UInt8, Sendable, CaseIterable {
  case upright = 1
  case mirrorHorizontally = 2
  case rotateHalfTurn = 3
  case mirrorVertically = 4
  /// Mirrors on the diagonal from the top left.
  case transpose = 5
  case rotateClockwise = 6
  /// Mirrors on the diagonal from the top right.
  case transverse = 7
  case rotateCounterclockwise = 8

  /// Whether the stored width becomes the upright height.
  public var swapsSides: Bool { rawValue >= 5 }

  /// Whether the first upright column or row is read from the last stored column.
  var flipsStoredColumns: Bool {
    switch self {
    case .mirrorHorizontally, .rotateHalfTurn, .transverse, .rotateCounterclockwise: true
    case .upright, .mirrorVertically, .transpose, .rotateClockwise: false
    }
  }

  /// Whether the first upright row or column is read from the last stored row.
  var flipsStoredRows: Bool {
    switch self {
    case .rotateHalfTurn, .mirrorVertically, .rotateClockwise, .transverse: true
    case .upright, .mirrorHorizontally, .transpose, .rotateCounterclockwise: false
    }
  }

  /// Where an upright region is stored in an image of `storedWidth` × `storedHeight` pixels.
  func storedRegion(
    _ region: PixelRegion, storedWidth: Int, storedHeight: Int
  ) -> PixelRegion {
    var stored = swapsSides ? region.transposed : region
    if flipsStoredColumns { stored.x = storedWidth - stored.right }
    if flipsStoredRows { stored.y = storedHeight - stored.bottom }
    return stored
  }

  /// Where a stored region appears upright; the inverse of ``storedRegion(_:storedWidth:storedHeight:)``.
  func uprightRegion(
    _ region: PixelRegion, storedWidth: Int, storedHeight: Int
  ) -> PixelRegion {
    var flipped = region
    if flipsStoredColumns { flipped.x = storedWidth - region.right }
    if flipsStoredRows { flipped.y = storedHeight - region.bottom }
    return swapsSides ? flipped.transposed : flipped
  }
}

extension PixelRegion {
  fileprivate var transposed: PixelRegion {
    PixelRegion(x: y, y: x, width: height, height: width)
  }
}

/// A rectangle of whole pixels: origin in the top left corner, `y` downwards.
public struct PixelRegion: Hashable, Sendable, CustomStringConvertible {
  public var x: Int
  public var y: Int
  public var width: Int
  public var height: Int

  public init(x: Int, y: Int, width: Int, height: Int) {
    self.x = x
    self.y = y
    self.width = width
    self.height = height
  }

  /// The part inside an image of `width` × `height` pixels; `nil` if there is none.
  public func clipped(toWidth width: Int, height: Int) -> PixelRegion? {
    let (left, top) = (max(0, x), max(0, y))
    let right = min(width, x.addingSaturating(self.width))
    let bottom = min(height, y.addingSaturating(self.height))
    guard left < right, top < bottom else { return nil }
    return PixelRegion(x: left, y: top, width: right - left, height: bottom - top)
  }

  public var description: String { "\(width) × \(height) at (\(x), \(y))" }

  var right: Int { x + width }
  var bottom: Int { y + height }
}

extension Int {
  fileprivate func addingSaturating(_ other: Int) -> Int {
    let (sum, overflow) = addingReportingOverflow(other)
    return overflow ? (other < 0 ? .min : .max) : sum
  }
}

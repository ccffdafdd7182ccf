package import FaceTypes
package import Imaging

/// A part of a photograph that is searched at a finer scale.
///
/// Neighbouring tiles overlap by the margins and share no core, so each face belongs to the one
/// tile whose core has its centre, and is seen whole by it.
package struct SearchTile: Hashable {
  /// The full-size pixels that this tile answers for.
  package let core: PixelRegion
  /// The full-size pixels that it sees.
  package let view: PixelRegion

  /// Whether the middle of a box lies in the core.
  package func answers(for box: BoundingBox) -> Bool {
    let center = box.center
    return center.x >= Float(core.x) && center.x < Float(core.x + core.width)
      && center.y >= Float(core.y) && center.y < Float(core.y + core.height)
  }

  /// Chooses the tiles that have something of the given boxes in their cores.
  ///
  /// - Parameters:
  ///   - boxes: In full-size pixels; the most promising first.
  ///   - width: The photograph's, in full-size pixels.
  ///   - height: The photograph's, in full-size pixels.
  ///   - core: The side of a core in full-size pixels.
  ///   - margin: Around each core, in full-size pixels.
  ///   - limit: The most tiles.
  /// - Returns: The tiles in the order of the boxes.
  package static func tiles(
    over boxes: [BoundingBox], width: Int, height: Int, core: Int, margin: Int, limit: Int
  ) -> [SearchTile] {
    var seen: Set<SearchTile> = []
    var tiles: [SearchTile] = []
    for box in boxes {
      // Boxes may reach outside the photograph.
      func cell(_ place: Float, _ length: Int) -> Int {
        Int(max(0, min(place, Float(length - 1)))) / core
      }
      for row in cell(box.y, height)...cell(box.y + box.height, height) {
        for column in cell(box.x, width)...cell(box.x + box.width, width) {
          guard tiles.count < limit else { return tiles }
          let tile = SearchTile(
            column: column, row: row, width: width, height: height, core: core, margin: margin)
          if let tile, seen.insert(tile).inserted { tiles.append(tile) }
        }
      }
    }
    return tiles
  }

  private init?(column: Int, row: Int, width: Int, height: Int, core: Int, margin: Int) {
    let square = PixelRegion(x: column * core, y: row * core, width: core, height: core)
    let around = PixelRegion(
      x: square.x - margin, y: square.y - margin, width: core + 2 * margin,
      height: core + 2 * margin)
    guard let inside = square.clipped(toWidth: width, height: height),
      let view = around.clipped(toWidth: width, height: height)
    else { return nil }
    self.core = inside
    self.view = view
  }
}

import FaceAnalysis
import FaceTypes
import Imaging
import Testing

@Suite struct SearchTileTests {
  private func tiles(_ boxes: [BoundingBox], limit: Int = 100) -> [SearchTile] {
    SearchTile.tiles(over: boxes, width: 1000, height: 700, core: 300, margin: 50, limit: limit)
  }

  @Test func takesTheTileOfASmallBox() {
    let found = tiles([BoundingBox(x: 310, y: 20, width: 20, height: 20)])
    #expect(found.map(\.core) == [PixelRegion(x: 300, y: 0, width: 300, height: 300)])
    #expect(found.map(\.view) == [PixelRegion(x: 250, y: 0, width: 400, height: 350)])
  }

  @Test func takesEveryTileThatABoxTouches() {
    #expect(tiles([BoundingBox(x: 290, y: 290, width: 20, height: 20)]).count == 4)
    #expect(tiles([BoundingBox(x: 0, y: 0, width: 1000, height: 700)]).count == 12)
  }

  @Test func takesNoTileTwice() {
    let box = BoundingBox(x: 10, y: 10, width: 5, height: 5)
    #expect(tiles([box, box]).count == 1)
  }

  @Test func clipsAtTheEdges() {
    let found = tiles([BoundingBox(x: 995, y: 690, width: 500, height: 500)])
    #expect(found.map(\.core) == [PixelRegion(x: 900, y: 600, width: 100, height: 100)])
    #expect(found.map(\.view) == [PixelRegion(x: 850, y: 550, width: 150, height: 150)])
  }

  @Test func survivesBoxesOutsideTheImage() {
    #expect(tiles([BoundingBox(x: -5000, y: 1e9, width: 1, height: 1)]).count == 1)
  }

  @Test func stopsAtItsLimit() {
    #expect(tiles([BoundingBox(x: 0, y: 0, width: 1000, height: 700)], limit: 5).count == 5)
  }

  /// Every point belongs to exactly one tile.
  @Test func sharesOutThePointsAmongTheTiles() {
    let all = tiles([BoundingBox(x: 0, y: 0, width: 1000, height: 700)])
    for x in stride(from: Float(0), to: 1000, by: 49.9) {
      for y in stride(from: Float(0), to: 700, by: 49.9) {
        let point = BoundingBox(x: x, y: y, width: 0, height: 0)
        #expect(all.filter { $0.answers(for: point) }.count == 1)
      }
    }
  }
}

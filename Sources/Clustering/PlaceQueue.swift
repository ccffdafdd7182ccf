/// Places in the order of their first asking, each at most once.
struct PlaceQueue: Sendable {
  private var places: [Int] = []
  private var start = 0
  private var waiting: Set<Int> = []

  var isEmpty: Bool { waiting.isEmpty }

  mutating func append(_ place: Int) {
    if waiting.insert(place).inserted { places.append(place) }
  }

  mutating func popFirst() -> Int? {
    guard start < places.count else { return nil }
    let place = places[start]
    start += 1
    waiting.remove(place)
    if start == places.count {
      places.removeAll(keepingCapacity: true)
      start = 0
    } else if start > 1024, start > places.count / 2 {
      places.removeFirst(start)
      start = 0
    }
    return place
  }
}

/// The four things that YuNet says about each cell, and how their outputs are called.
enum DetectorOutput: String, CaseIterable {
  case classes = "cls"
  case objectness = "obj"
  case boxes = "bbox"
  case landmarks = "kps"

  /// Numbers for each cell.
  var channels: Int {
    switch self {
    case .classes, .objectness: 1
    case .boxes: 4
    case .landmarks: 10
    }
  }

  /// The name of the output for cells of one stride.
  func name(_ stride: Int) -> String { "\(rawValue)_\(stride)" }
}

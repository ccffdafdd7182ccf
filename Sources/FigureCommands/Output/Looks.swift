package import WireProtocol

extension FigureMessage {
  /// What is known besides whose the face is, such as `female, 26 ± 5, happiness, mouth open`.
  package var looks: String {
    [
      gender, age.map { age in ageDeviation.map { "\(age) ± \($0)" } ?? "\(age)" }, emotion,
      mouth == "open" ? "mouth open" : nil,
      headPose.map { pose in
        let degrees = [pose.yaw, pose.pitch, pose.roll].map { Quantity.decimal($0, places: 0) }
        return "yaw \(degrees[0])°, pitch \(degrees[1])°, roll \(degrees[2])°"
      },
    ].compactMap { $0 }.joined(separator: ", ")
  }
}

extension FigureClusterMessage {
  /// What is known of a person from the faces, such as `female, about 26 (21–34)`.
  package var looks: String {
    let range = minAge.flatMap { low in maxAge.map { low == $0 ? "" : " (\(low)–\($0))" } } ?? ""
    return [gender, averageAge.map { "about \($0)\(range)" }].compactMap { $0 }
      .joined(separator: ", ")
  }
}

package enum FigureProgram {
  package static let version = "0.1.0"
}

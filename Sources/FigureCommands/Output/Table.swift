/// Rows under headings, made to fit the width of the terminal.
package struct Table {
  package struct Column {
    package enum Fit: Sendable {
      /// Never cut.
      case whole
      /// Cut at the end: names, messages.
      case cutEnd
      /// Cut in the middle: paths.
      case cutMiddle
    }

    let heading: String
    let isTrailing: Bool
    let fit: Fit

    /// - Parameters:
    ///   - heading: in capitals; not cut.
    ///   - isTrailing: aligned to the right, as numbers are.
    ///   - fit: what may be left out when room is short.
    package init(_ heading: String, isTrailing: Bool = false, fit: Fit = .whole) {
      self.heading = heading
      self.isTrailing = isTrailing
      self.fit = fit
    }
  }

  private let columns: [Column]
  private var rows: [[String]] = []
  private static let gap = 2
  /// A column is not cut to less, however narrow the terminal.
  private static let narrowest = 8

  package init(_ columns: [Column]) { self.columns = columns }

  package var isEmpty: Bool { rows.isEmpty }

  /// Adds a row; control characters in it are made visible.
  ///
  /// - Precondition: as many cells as columns.
  package mutating func append(_ cells: [String]) {
    precondition(cells.count == columns.count, "a cell for each column")
    rows.append(cells.map(\.printable))
  }

  /// The lines, the headings first.
  ///
  /// - Parameter width: columns of the terminal; `nil` cuts nothing.
  /// - Returns: lines without trailing spaces.
  package func lines(width: Int?) -> [String] {
    let widths = fittedWidths(to: width)
    return ([columns.map(\.heading)] + rows).map { cells in
      var line = ""
      for (index, cell) in cells.enumerated() {
        let column = columns[index]
        let shown: String
        switch column.fit {
        case .whole: shown = cell
        case .cutEnd: shown = DisplayWidth.truncatedEnd(cell, to: widths[index])
        case .cutMiddle: shown = DisplayWidth.truncatedMiddle(cell, to: widths[index])
        }
        if index > 0 { line += String(repeating: " ", count: Self.gap) }
        line += DisplayWidth.padded(shown, to: widths[index], isTrailing: column.isTrailing)
      }
      return line.trimmingTrailingSpaces
    }
  }

  /// The widths of the columns: those that may be cut share what is missing, the widest first.
  private func fittedWidths(to width: Int?) -> [Int] {
    var widths = columns.indices.map { index in
      rows.reduce(DisplayWidth.of(columns[index].heading)) {
        max($0, DisplayWidth.of($1[index]))
      }
    }
    guard let width else { return widths }
    var excess = widths.reduce(0, +) + Self.gap * (columns.count - 1) - width
    while excess > 0 {
      let cuttable = columns.indices.filter {
        columns[$0].fit != .whole
          && widths[$0] > max(Self.narrowest, DisplayWidth.of(columns[$0].heading))
      }
      guard let widest = cuttable.max(by: { widths[$0] < widths[$1] }) else { break }
      widths[widest] -= 1
      excess -= 1
    }
    return widths
  }
}

extension String {
  fileprivate var trimmingTrailingSpaces: String {
    guard let last = lastIndex(where: { $0 != " " }) else { return "" }
    return String(self[...last])
  }
}

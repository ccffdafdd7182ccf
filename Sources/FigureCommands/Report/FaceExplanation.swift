package import WireProtocol

extension ContactSheet {
  /// Why a face is where it is: what can be unfolded below its picture.
  package struct Explanation: Sendable {
    /// A face of the chain that connects it with the core of its person.
    package struct Link: Sendable {
      package var figureID: String
      /// Base64; `nil` if there is none.
      package var jpeg: String?
      /// That it shows the same person as the one before, in 0…1.
      package var probability: Double

      package init(figureID: String, jpeg: String?, probability: Double) {
        self.figureID = figureID
        self.jpeg = jpeg
        self.probability = probability
      }
    }

    package var sentence: String
    /// That it shows the person whom it is shown with, in 0…1; `nil` while it waits.
    package var probability: Double?
    package var chain: [Link]
    /// Who comes next, and by how much less; `nil` if nobody is like it at all.
    package var runnerUp: String?

    package init(
      sentence: String, probability: Double?, chain: [Link], runnerUp: String?
    ) {
      self.sentence = sentence
      self.probability = probability
      self.chain = chain
      self.runnerUp = runnerUp
    }

    /// Says what the daemon said.
    ///
    /// - Parameters:
    ///   - result: the daemon's explanation.
    ///   - picture: the picture of a FigureId in base64.
    /// - Throws: what `picture` throws.
    package init(
      _ result: ExplainFigureResult, picture: (String) throws -> String?
    ) rethrows {
      self.init(
        sentence: result.sentence, probability: result.own?.probability,
        chain: try result.chain.map {
          Link(
            figureID: $0.figureID, jpeg: try picture($0.figureID), probability: $0.probability)
        },
        runnerUp: result.other.map { Self.words($0, margin: result.margin) })
    }

    private static func words(_ other: ClusterStandingMessage, margin: Double?) -> String {
      let who = other.name.map { "“\($0)”" } ?? "unnamed \(Identifier.short(other.objectID))"
      let by = margin.map { ", behind by \(Quantity.decimal($0, places: 2))" } ?? ""
      return "Next best: \(who), \(Quantity.percent(other.probability)) sure\(by)."
    }

    /// Pixels of a picture of the chain.
    private static let linkSide = 48

    /// The element, closed until somebody unfolds it.
    var html: String {
      let summary = probability.map(Quantity.percent) ?? "why"
      var html = "<details><summary>\(summary)</summary><p>\(escapedHTML(sentence))</p>"
      if !chain.isEmpty {
        html += "<ol class=\"chain\">"
        for link in chain {
          let picture = Picture(
            jpeg: link.jpeg, description: "Face of the chain", title: link.figureID)
          html += "<li>\(picture.html(side: Self.linkSide))"
          html += "<small>\(Quantity.percent(link.probability))</small></li>"
        }
        html += "</ol>"
      }
      if let runnerUp { html += "<p>\(escapedHTML(runnerUp))</p>" }
      return html + "</details>"
    }
  }
}

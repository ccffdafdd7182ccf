/// The parts of a contact sheet: one HTML file that needs no server, no script and no other file.
///
/// The parts are made one by one, so that a sheet of any size passes through memory a person at a
/// time.
package enum ContactSheet {
  /// Pixels; shown smaller where there is little room.
  private static let coverSide = 112
  private static let cropSide = 84

  /// What the whole sheet is of.
  package struct Summary: Sendable {
    package var library: String
    /// `2026-11-21 09:12`.
    package var time: String
    package var mediaCount: Int
    package var figureCount: Int
    package var personCount: Int
    package var product: String

    package init(
      library: String, time: String, mediaCount: Int, figureCount: Int, personCount: Int,
      product: String
    ) {
      self.library = library
      self.time = time
      self.mediaCount = mediaCount
      self.figureCount = figureCount
      self.personCount = personCount
      self.product = product
    }
  }

  /// One face with its picture.
  package struct Crop: Sendable {
    /// Base64; `nil` if there is none.
    package var jpeg: String?
    /// The path or name of the medium.
    package var source: String?
    /// What is said below it.
    package var caption: String?
    /// Why it is where it is, if that is wanted.
    package var explanation: Explanation?

    package init(
      jpeg: String?, source: String?, caption: String? = nil, explanation: Explanation? = nil
    ) {
      self.jpeg = jpeg
      self.source = source
      self.caption = caption
      self.explanation = explanation
    }
  }

  /// One person.
  package struct Person: Sendable {
    /// From 1, in the order of the sheet.
    package var number: Int
    package var identifier: String
    package var name: String?
    package var faceCount: Int
    package var mediaCount: Int
    package var cover: Crop?
    package var crops: [Crop]
    /// What the faces say of the person; empty if nothing is known.
    package var looks: String

    package init(
      number: Int, identifier: String, name: String?, faceCount: Int, mediaCount: Int, cover: Crop?,
      crops: [Crop], looks: String = ""
    ) {
      self.number = number
      self.identifier = identifier
      self.name = name
      self.faceCount = faceCount
      self.mediaCount = mediaCount
      self.cover = cover
      self.crops = crops
      self.looks = looks
    }

    /// `Unnamed · 7` where nobody has given a name.
    package var title: String { name.flatMap { $0.isEmpty ? nil : $0 } ?? "Unnamed · \(number)" }
  }

  /// Faces that are in no cluster for one and the same reason.
  package struct WaitingGroup: Sendable {
    package var reason: String
    package var count: Int
    package var crops: [Crop]

    package init(reason: String, count: Int, crops: [Crop]) {
      self.reason = reason
      self.count = count
      self.crops = crops
    }
  }

  package static func beginning(_ summary: Summary) -> String {
    let library = escapedHTML(summary.library)
    return """
      \(pageHead(title: "People in \(summary.library)", styleSheet: styleSheet))
      <body>
      <header class="sheet">
      <h1>People in <em>\(library)</em></h1>
      <dl>
      \(fact(summary.personCount, "person", "people"))
      \(fact(summary.figureCount, "face", "faces"))
      \(fact(summary.mediaCount, "medium", "media"))
      </dl>
      </header>
      <main>

      """
  }

  private static func fact(_ count: Int, _ noun: String, _ plural: String) -> String {
    "<div><dt>\(count == 1 ? noun : plural)</dt><dd>\(Quantity.count(count))</dd></div>"
  }

  package static func section(_ person: Person) -> String {
    let title = escapedHTML(person.title)
    let isNamed = !(person.name ?? "").isEmpty
    let cover =
      person.cover.map {
        Picture(jpeg: $0.jpeg, description: "Cover of \(person.title)", title: $0.source)
          .html(side: coverSide) + ($0.explanation?.html ?? "")
      } ?? ""
    let looks = person.looks.isEmpty ? "" : "\n<p>\(escapedHTML(person.looks))</p>"
    let shown = person.crops.count + (person.cover == nil ? 0 : 1)
    var html = """
      <section class="person" aria-labelledby="p\(person.number)">
      <div class="who">
      <div class="cover">\(cover)</div>
      <div>
      <h2 id="p\(person.number)"\(isNamed ? "" : " class=\"unnamed\"")>\(title)</h2>
      <p>\(Quantity.count(person.faceCount, "face")) in \
      \(Quantity.count(person.mediaCount, "medium", plural: "media"))</p>\(looks)
      <p class="id"><code>\(escapedHTML(person.identifier))</code></p>
      </div>
      </div>

      """
    html += gallery(
      person.crops, description: "Face of \(person.title)", missing: person.faceCount - shown)
    return html + "</section>\n"
  }

  package static func waitingSection(_ groups: [WaitingGroup]) -> String {
    guard !groups.isEmpty else { return "" }
    let total = groups.reduce(0) { $0 + $1.count }
    var html = """
      <section class="waiting" aria-labelledby="waiting">
      <h2 id="waiting">Waiting</h2>
      <p>\(Quantity.count(total, "face")) in no cluster yet. A face joins a person when others \
      like it come, or when a library is clustered anew.</p>

      """
    for group in groups {
      html +=
        "<h3>\(escapedHTML(words(group.reason))) <span>\(Quantity.count(group.count))</span></h3>\n"
      html += gallery(
        group.crops, description: "Waiting face", missing: group.count - group.crops.count)
    }
    return html + "</section>\n"
  }

  package static func end(_ summary: Summary) -> String {
    end(product: summary.product, time: summary.time)
  }

  static func end(product: String, time: String) -> String {
    """
    </main>
    <footer>Made by \(escapedHTML(product)) on \(escapedHTML(time)). \
    It holds faces of people: keep it as private as the photographs.</footer>
    </body>
    </html>

    """
  }

  static func gallery(_ crops: [Crop], description: String, missing: Int) -> String {
    guard !crops.isEmpty || missing > 0 else { return "" }
    var html = "<ul class=\"crops\">\n"
    for crop in crops {
      let source = crop.source.map { " in \(lastComponent($0))" } ?? ""
      let picture = Picture(jpeg: crop.jpeg, description: description + source, title: crop.source)
      let caption = crop.caption.map { "<small>\(escapedHTML($0))</small>" } ?? ""
      let why = crop.explanation?.html ?? ""
      html += "<li>\(picture.html(side: cropSide))\(caption)\(why)</li>\n"
    }
    if missing > 0 { html += "<li class=\"more\">and \(Quantity.count(missing)) more</li>\n" }
    return html + "</ul>\n"
  }

  private static func lastComponent(_ path: String) -> String {
    path.split(separator: "/").last.map(String.init) ?? path
  }

  /// `TooSmall` as `Too small`.
  package static func words(_ name: String) -> String {
    var result = ""
    for character in name {
      if character.isUppercase, !result.isEmpty {
        result += " " + character.lowercased()
      } else {
        result.append(character)
      }
    }
    return result
  }
}

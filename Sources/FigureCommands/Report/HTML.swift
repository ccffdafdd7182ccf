/// Text as it may stand in HTML, between tags and in quoted attributes alike.
package func escapedHTML(_ text: String) -> String {
  var result = ""
  result.reserveCapacity(text.utf8.count)
  for scalar in text.printable.unicodeScalars {
    switch scalar {
    case "&": result += "&amp;"
    case "<": result += "&lt;"
    case ">": result += "&gt;"
    case "\"": result += "&quot;"
    case "'": result += "&#39;"
    default: result.unicodeScalars.append(scalar)
    }
  }
  return result
}

/// The beginning of a page up to its body: it loads nothing, and search engines leave it out.
///
/// - Parameters:
///   - title: as text.
///   - styleSheet: in CSS.
/// - Returns: lines without the last line's end.
func pageHead(title: String, styleSheet: String) -> String {
  """
  <!DOCTYPE html>
  <html lang="en">
  <head>
  <meta charset="utf-8">
  <meta name="viewport" content="width=device-width, initial-scale=1">
  <meta name="color-scheme" content="light dark">
  <meta http-equiv="Content-Security-Policy" \
  content="default-src 'none'; img-src data:; style-src 'unsafe-inline'">
  <meta name="robots" content="noindex">
  <title>\(escapedHTML(title))</title>
  <style>
  \(styleSheet)
  </style>
  </head>
  """
}

/// A JPEG in a page, as a `data:` URL, or a placeholder where there is none.
struct Picture {
  /// Base64; `nil` if the picture could not be had.
  let jpeg: String?
  /// What it shows, for those who cannot see it.
  let description: String
  /// Where it comes from, shown when pointed at.
  let title: String?

  /// The element, `side` pixels wide and high.
  func html(side: Int) -> String {
    let title = title.map { " title=\"\(escapedHTML($0))\"" } ?? ""
    guard let jpeg, jpeg.utf8.allSatisfy(\.isBase64) else {
      return "<span class=\"missing\" role=\"img\" aria-label=\"\(escapedHTML(description)) "
        + "(no picture stored)\"\(title)></span>"
    }
    return
      "<img src=\"data:image/jpeg;base64,\(jpeg)\" alt=\"\(escapedHTML(description))\"\(title) "
      + "width=\"\(side)\" height=\"\(side)\" loading=\"lazy\" decoding=\"async\">"
  }
}

extension UInt8 {
  fileprivate var isBase64: Bool {
    switch self {
    case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "+"), UInt8(ascii: "/"),
      UInt8(ascii: "="):
      true
    default: false
    }
  }
}

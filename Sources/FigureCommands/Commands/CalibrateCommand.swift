package import CommandLineParsing
internal import FaceClient
internal import WireProtocol

/// The command `figurectl calibrate`.
package struct CalibrateCommand {
  private let library: String
  private let fits: Bool
  private let resets: Bool

  package func run(in context: CommandContext) throws {
    guard !(fits && resets) else {
      throw CommandFailure("--fit and --reset exclude each other.", code: .usage)
    }
    let client = try context.connect()
    let action: CalibrateFiguresResult.Action = fits ? .fit : resets ? .reset : .show
    try context.answer(.calibrate(library: library, action), from: client) {
      show($0, context.output)
    }
  }

  private func show(_ result: CalibrateFiguresResult, _ output: Output) {
    output.paragraph(
      "Confirmed: \(Quantity.people(result.people)) with \(Quantity.count(result.faces, "face")), "
        + "\(Quantity.count(result.samePairs, "pair")) of one person and "
        + "\(Quantity.count(result.differentPairs)) of two.")
    if !result.curve.isEmpty {
      var table = Table([
        .init("SIMILARITY", isTrailing: true), .init("FALSE MATCHES", isTrailing: true),
        .init("MISSED", isTrailing: true), .init("PROBABILITY", isTrailing: true),
      ])
      for rates in result.curve {
        table.append([
          Quantity.decimal(rates.similarity, places: 2), percent(rates.falseMatchRate),
          percent(rates.falseNonMatchRate), Quantity.percent(rates.probability),
        ])
      }
      output.table(table)
    }
    if let rate = result.equalErrorRate { output.line("Equal error rate: \(percent(rate)).") }
    for rates in result.recommended {
      output.paragraph(
        "From \(Quantity.decimal(rates.similarity, places: 3)) on, "
          + "\(percent(rates.falseMatchRate)) of the pairs of two people match, and "
          + "\(percent(rates.falseNonMatchRate)) of one person's are missed.")
    }
    output.paragraph(advice(result))
  }

  private func advice(_ result: CalibrateFiguresResult) -> String {
    let use =
      result.isFitted
      ? "Probabilities are fitted to this library; --reset goes back to the model's own."
      : "Probabilities are the model's own."
    guard let shipped = result.shippedLoss, let fitted = result.fittedLoss else {
      let needed = Quantity.count(result.pairsNeeded)
      return "\(use) To fit them, \(needed) pairs of each kind are needed: confirm people with "
        + "“figurectl set PERSON --confirmed”, or answer “figurectl review”."
    }
    let comparison =
      "Their loss on these pairs is \(Quantity.decimal(shipped, places: 3)) as shipped, and "
      + "\(Quantity.decimal(fitted, places: 3)) if fitted to one half of the people and tried on "
      + "the other"
    let worth = fitted < shipped ? "--fit is worth it" : "--fit is not worth it"
    return "\(use) \(comparison)\(result.isFitted ? "" : ": \(worth)")."
  }

  private func percent(_ rate: Double) -> String {
    "\(Quantity.decimal(rate * 100, places: 2)) %"
  }
}

extension CalibrateCommand: Subcommand {
  private static let fit: Argument<Bool> = .flag(
    "fit", help: "Fit the probabilities to this library.")
  private static let reset: Argument<Bool> = .flag(
    "reset", help: "Go back to the probabilities that ship with the model.")

  package static let declaration = Command(
    "calibrate", summary: "Measure errors on confirmed faces, and fit probabilities to them",
    discussion: "Faces are confirmed by what users said: moved, linked, separated, rejected, or in "
      + "people marked as confirmed. The probabilities of searches and explanations follow; who is "
      + "who does not.",
    arguments: [SharedArguments.library, fit, reset])

  package init(_ arguments: ParsedArguments) {
    library = arguments[SharedArguments.library]
    fits = arguments[Self.fit]
    resets = arguments[Self.reset]
  }
}

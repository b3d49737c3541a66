#include "tools/printing.h"

#include <google/protobuf/util/json_util.h>

#include <cstdio>
#include <map>
#include <string_view>

#include "core/base/strings.h"

namespace policykb {

namespace {

// "in force since 2021-01-01", with successors where there are any.
std::string ValidityForPeople(const v1::Validity& validity) {
  std::string text;
  switch (validity.state()) {
    case v1::Validity::STATE_NO_LONGER_IN_FORCE:
      text = "NO LONGER IN FORCE";
      break;
    case v1::Validity::STATE_NOT_YET_IN_FORCE:
      text = "NOT YET IN FORCE";
      break;
    default:
      text = "in force";
  }
  if (!validity.valid_from().empty()) text += Cat(" from ", validity.valid_from());
  if (!validity.valid_to().empty()) text += Cat(" until ", validity.valid_to());
  for (const std::string& successor : validity.superseded_by())
    text += Cat(", superseded by ", successor);
  return text;
}

std::string Indented(std::string_view text, std::string_view indent) {
  std::string out;
  for (const std::string_view line : Split(text, '\n')) out += Cat(indent, line, "\n");
  return out;
}

std::string WithNumber(const std::string& label, const std::string& number) {
  return number.empty() ? label : Cat(label, " (", number, ")");
}

std::string HeadingPath(const v1::Passage& passage) {
  std::string path;
  for (const std::string& heading : passage.heading_path())
    path += Cat(path.empty() ? "" : " / ", heading);
  return path;
}

std::string Rounded(double value) {
  char buffer[32];
  std::snprintf(buffer, sizeof(buffer), "%.3f", value);
  return buffer;
}

std::string CitationForPeople(const v1::Citation& citation) {
  return Cat("  [", citation.number(), "] ",
             WithNumber(citation.label(), citation.document_number()), ", ",
             ValidityForPeople(citation.validity()), "\n      ", citation.passage(), " bytes ",
             citation.span().start(), "-", citation.span().end(), "\n",
             Indented(citation.quote(), "      | "));
}

}  // namespace

std::string ToJson(const google::protobuf::Message& message) {
  google::protobuf::util::JsonPrintOptions options;
  options.add_whitespace = true;
  std::string json;
  const auto status = google::protobuf::util::MessageToJsonString(message, &json, options);
  // Only a message with Any fields of unknown type has no JSON form; ours have none.
  return status.ok() ? json : Cat("{\"error\": \"", std::string(status.message()), "\"}\n");
}

void Print(std::string_view text) { std::fwrite(text.data(), 1, text.size(), stdout); }

std::string HitsForPeople(const v1::SearchResponse& response) {
  std::string text;
  for (const v1::Hit& hit : response.hits()) {
    const v1::Passage& passage = hit.passage();
    text += Cat(hit.rank(), ". ", WithNumber(passage.label(), passage.document_number()),
                "  score ", Rounded(hit.score()), "\n   ", passage.name(), ", ",
                ValidityForPeople(passage.validity()), "\n");
    if (const std::string path = HeadingPath(passage); !path.empty())
      text += Cat("   ", path, "\n");
    text += Indented(passage.text(), "   | ");
    for (const std::string& name : hit.duplicates()) text += Cat("   the same: ", name, "\n");
    if (hit.has_explanation()) {
      const v1::Explanation& why = hit.explanation();
      text += Cat("   why: lexical rank ", why.lexical_rank(), ", dense rank ", why.dense_rank(),
                  why.resolved_reference() ? ", named by the query" : "",
                  why.known_question() ? ", answers a known question" : "", "\n   features:");
      for (const v1::Explanation::Feature& feature : why.features()) {
        text +=
            Cat(" ", feature.name(), " ", Rounded(feature.value()), "*", Rounded(feature.weight()));
      }
      text += "\n   terms:";
      for (const v1::Explanation::Term& term : why.terms())
        text += Cat(" ", term.term(), " ", Rounded(term.weight()));
      text += "\n";
      for (const v1::Explanation::KnownQuestion& question : why.questions()) {
        text += Cat("   known question: ", question.text(), " (similarity ",
                    Rounded(question.similarity()), ")\n");
      }
    }
    text += "\n";
  }
  if (response.hits().empty()) text += "no passage found\n";
  for (const v1::NotInForceMatch& match : response.not_in_force()) {
    text += Cat("named but not searched: ", match.document_title(), " (", match.document(), "), ",
                ValidityForPeople(match.validity()), "\n");
  }
  if (response.has_reranking() && !response.reranking().applied())
    text += Cat("not reranked: ", response.reranking().failure(), "\n");
  return text + Cat("snapshot ", response.snapshot(), ", as of ", response.as_of_date(), "\n");
}

std::string PassageForPeople(const v1::Passage& passage) {
  std::string text = Cat(WithNumber(passage.label(), passage.document_number()), "\n",
                         passage.name(), "\n", ValidityForPeople(passage.validity()), "\n");
  if (const std::string path = HeadingPath(passage); !path.empty()) text += Cat(path, "\n");
  return text + Cat("\n", passage.text(), "\n");
}

std::string DocumentForPeople(const v1::Document& document) {
  std::string text = Cat(document.title(), "\n", document.name(), "\n");
  const auto line = [&text](std::string_view name, const std::string& value) {
    if (!value.empty()) text += Cat(name, ": ", value, "\n");
  };
  line("kind", document.kind());
  line("document number", document.document_number());
  line("issuer", document.issuer());
  line("region", document.region());
  line("language", document.language());
  line("promulgated on", document.promulgated_on());
  line("validity", ValidityForPeople(document.validity()));
  for (const std::string& older : document.supersedes()) line("supersedes", older);
  line("file", document.source_path());
  line("source", document.source_uri());
  text += "\ncontents:\n";
  for (const v1::Provision& provision : document.provisions()) {
    if (provision.level() == v1::Provision::LEVEL_PARAGRAPH ||
        provision.level() == v1::Provision::LEVEL_ITEM ||
        provision.level() == v1::Provision::LEVEL_SUBITEM) {
      continue;
    }
    text += Cat("  ", provision.address(), "  ", provision.label(),
                provision.label().empty() ? "" : " ", provision.heading(), "\n");
  }
  return text + Cat("\n", document.text(), "\n");
}

std::string MetadataForPeople(const v1::Document& document) {
  const auto id = [](std::string_view name) {
    constexpr std::string_view kPrefix = "documents/";
    if (name.starts_with(kPrefix)) name.remove_prefix(kPrefix.size());
    return std::string(name);
  };
  std::vector<std::string> supersedes;
  for (const std::string& older : document.supersedes()) supersedes.push_back(id(older));
  const std::map<std::string, std::string> values = {
      {"id", id(document.name())},
      {"title", document.title()},
      {"kind", document.kind()},
      {"document_number", document.document_number()},
      {"issuer", document.issuer()},
      {"region", document.region()},
      {"language", document.language()},
      {"promulgated_on", document.promulgated_on()},
      {"valid_from", document.validity().valid_from()},
      {"valid_to", document.validity().valid_to()},
      {"supersedes", Join(supersedes, ", ")},
      {"source", document.source_uri()}};
  std::string text;
  for (const v1::MetadataOrigin& origin : document.origins()) {
    const auto value = values.find(origin.field());
    text += Cat(origin.field(), ": ", value == values.end() ? "" : value->second, "  (",
                origin.origin(), ")\n");
  }
  return text;
}

std::string AnswerForPeople(const v1::GroundedAnswer& answer) {
  std::string text;
  if (answer.status() == v1::ANSWER_STATUS_NO_SUPPORT) {
    text = Cat(answer.refusal(), "\n");
    for (const v1::Citation& citation : answer.related()) {
      text += Cat("  - ", WithNumber(citation.label(), citation.document_number()), "  ",
                  citation.passage(), "\n");
    }
  }
  for (const v1::AnswerSentence& sentence : answer.sentences()) {
    text += sentence.text();
    for (const int32_t number : sentence.citations()) text += Cat("[", number, "]");
    text += "\n";
  }
  if (!answer.citations().empty()) text += "\n";
  for (const v1::Citation& citation : answer.citations()) text += CitationForPeople(citation);
  for (const v1::Notice& notice : answer.notices()) text += Cat("  ! ", notice.message(), "\n");
  return text + Cat("  (snapshot ", answer.snapshot(), ", as of ", answer.as_of_date(),
                    answer.model().empty() ? std::string() : Cat(", model ", answer.model()),
                    ")\n");
}

}  // namespace policykb

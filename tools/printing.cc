#include "tools/printing.h"

#include <google/protobuf/util/json_util.h>

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <map>
#include <string_view>

#include "core/base/strings.h"
#include "tools/numbers.h"

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

std::string Rounded(double value) { return Decimals(value, 3); }

std::string CitationForPeople(const v1::Citation& citation) {
  return Cat("  [", citation.number(), "] ",
             WithNumber(citation.label(), citation.document_number()), ", ",
             ValidityForPeople(citation.validity()), "\n      ", citation.passage(), " bytes ",
             citation.span().start(), "-", citation.span().end(), "\n",
             Indented(citation.quote(), "      | "));
}

std::string RankForPeople(int32_t rank) { return rank == 0 ? "none" : Cat(rank); }

// Ranks by stage, what each feature adds to the score, greatest first, and the terms found.
std::string ExplanationForPeople(const v1::Explanation& why) {
  std::string text = Cat("   why: lexical rank ", RankForPeople(why.lexical_rank()),
                         ", dense rank ", RankForPeople(why.dense_rank()),
                         why.resolved_reference() ? ", named by the query" : "", "\n   features:");
  std::vector<const v1::Explanation::Feature*> features;
  for (const v1::Explanation::Feature& feature : why.features()) features.push_back(&feature);
  const auto part = [](const v1::Explanation::Feature* feature) {
    return feature->value() * feature->weight();
  };
  std::stable_sort(features.begin(), features.end(),
                   [&](const auto* a, const auto* b) { return part(a) > part(b); });
  for (const v1::Explanation::Feature* feature : features) {
    text += Cat(" ", feature->name(), " ", Rounded(feature->value()), "*",
                Rounded(feature->weight()), "=", Rounded(part(feature)));
  }
  text += "\n   terms:";
  for (const v1::Explanation::Term& term : why.terms())
    text += Cat(" ", term.term(), " ", Rounded(term.weight()));
  return text + "\n";
}

std::string EvidenceForPeople(const v1::Evidence& evidence) {
  return Cat("evidence: answerable ", Rounded(evidence.answerability()), ", best coverage ",
             Rounded(evidence.best_coverage()), ", of all hits ",
             Rounded(evidence.union_coverage()), ", unknown ", Rounded(evidence.unknown_share()),
             ", characters ", Rounded(evidence.best_character_coverage()), ", unknown ",
             Rounded(evidence.unknown_character_share()), ", best cosine ",
             Rounded(evidence.best_cosine()), ", lexical ", Rounded(evidence.best_lexical()),
             " of the most, amount ", Rounded(evidence.best_lexical_score()), ", known terms ",
             evidence.known_terms(), evidence.resolved_reference() ? ", named by the query" : "",
             "\n");
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
      text += ExplanationForPeople(hit.explanation());
    }
    text += "\n";
  }
  if (response.hits().empty()) text += "no passage found\n";
  for (const v1::NotInForceMatch& match : response.not_in_force()) {
    text += Cat("named but not searched: ", match.document_title(), " (", match.document(), "), ",
                ValidityForPeople(match.validity()), "\n");
  }
  const bool explained = !response.hits().empty() && response.hits(0).has_explanation();
  if (explained) text += EvidenceForPeople(response.evidence());
  if (response.has_searched_passages())
    text += Cat("searched: ", response.searched_passages(),
                " passages that labels, day and filter leave\n");
  if (response.has_reranking() && !response.reranking().applied())
    text += Cat("not reranked: ", response.reranking().failure(), "\n");
  if (!response.dense_failure().empty())
    text += Cat("found by words alone: ", response.dense_failure(), "\n");
  return text + Cat("snapshot ", response.snapshot(), ", as of ", response.as_of_date(), "\n");
}

std::string FilterForPeople(const v1::SearchFilter& filter,
                            const std::vector<std::string>& labels) {
  std::vector<std::string> parts;
  const auto list = [&parts](std::string_view name, const auto& values) {
    if (!values.empty())
      parts.push_back(Cat(name, " ", Join({values.begin(), values.end()}, " or ")));
  };
  list("visible to", labels);
  parts.emplace_back(filter.include_not_in_force() ? "in force or not" : "in force on the day");
  list("kind", filter.kinds());
  list("region", filter.regions());
  list("issuer", filter.issuers());
  list("in", filter.documents());
  list("not in", filter.excluded_documents());
  return Cat("filter: ", Join(parts, "; "), "\n");
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
  const bool related = answer.status() == v1::ANSWER_STATUS_MAY_BE_RELATED;
  if (related || answer.status() == v1::ANSWER_STATUS_NO_SUPPORT) {
    text = Cat(answer.refusal(), "\n");
    for (const v1::Citation& citation : answer.related()) {
      text += Cat("  - ", WithNumber(citation.label(), citation.document_number()), "  ",
                  citation.passage(), "\n");
      if (related) text += Cat("      | ", ReplaceAll(citation.quote(), "\n", "\n      | "), "\n");
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

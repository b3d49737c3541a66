// Small documents for tests of everything above the readers.
//
// Pure functions, any thread.

#ifndef POLICYKB_TESTS_TESTING_SAMPLE_RECORDS_H_
#define POLICYKB_TESTS_TESTING_SAMPLE_RECORDS_H_

#include <string>
#include <utility>
#include <vector>

#include "core/snapshot/records.h"

namespace policykb {

// A regulation of the articles given, one passage each, with the addresses art1, art2 and so on.
inline std::pair<Document, std::vector<Passage>> SampleRegulation(
    const std::string& id, const std::string& title, const std::vector<std::string>& articles) {
  Document document;
  document.id = id;
  document.title = title;
  document.kind = "regulation";
  document.issuer = "县人民政府";
  document.region = "某县";
  document.language = "zh";
  document.source_path = id + ".md";
  document.text = title;
  std::vector<Passage> passages;
  for (size_t i = 0; i < articles.size(); ++i) {
    const std::string number = std::to_string(i + 1);
    document.text += "\n";
    Passage passage;
    passage.name = "documents/" + id + "/provisions/art" + number;
    passage.document_id = id;
    passage.address = "art" + number;
    passage.provision_label = "第" + number + "条";
    passage.label = "《" + title + "》" + passage.provision_label;
    passage.heading_path = {"第一章 总则"};
    passage.span.start = static_cast<uint32_t>(document.text.size());
    document.text += articles[i];
    passage.span.end = static_cast<uint32_t>(document.text.size());
    passage.text = articles[i];
    passage.title = title;
    Provision provision;
    provision.address = passage.address;
    provision.level = ProvisionLevel::kArticle;
    provision.label = passage.provision_label;
    provision.span = passage.span;
    document.provisions.push_back(provision);
    passages.push_back(passage);
  }
  return {document, passages};
}

}  // namespace policykb

#endif  // POLICYKB_TESTS_TESTING_SAMPLE_RECORDS_H_

#include "tests/generator/fake_generator_parts.h"

#include "core/base/strings.h"
#include "core/text/numerals.h"

namespace policykb {

v1::Passage MakePassage(std::string_view id, std::string_view title, int article,
                        std::string_view text) {
  v1::Passage passage;
  passage.set_document(Cat("documents/", id));
  passage.set_name(Cat("documents/", id, "/provisions/art", article));
  passage.set_document_title(std::string(title));
  passage.set_address(Cat("art", article));
  passage.set_provision_label(Cat("第", FormatChineseNumeral(article), "条"));
  passage.set_label(Cat("《", title, "》", passage.provision_label()));
  passage.set_language("zh");
  passage.set_text(std::string(text));
  passage.mutable_span()->set_start(1000);
  passage.mutable_span()->set_end(1000 + static_cast<int64_t>(text.size()));
  passage.mutable_validity()->set_state(v1::Validity::STATE_IN_FORCE);
  return passage;
}

v1::SearchResponse MakeResponse(const std::vector<v1::Passage>& passages) {
  v1::SearchResponse response;
  for (const v1::Passage& passage : passages) {
    v1::Hit& hit = *response.add_hits();
    *hit.mutable_passage() = passage;
    hit.set_rank(response.hits_size());
    hit.set_score(1.0 / response.hits_size());
  }
  response.set_snapshot("s1");
  response.set_as_of_date("2026-01-01");
  response.mutable_evidence()->set_answerability(0.9);
  return response;
}

}  // namespace policykb

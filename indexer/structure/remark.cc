#include "indexer/structure/remark.h"

#include "core/base/strings.h"

namespace policykb {

std::string RemarkLine(const Remark& remark) {
  return remark.line == 0 ? remark.what : Cat("line ", remark.line, ": ", remark.what);
}

bool IsToldByBuild(RemarkKind kind) {
  return kind != RemarkKind::kLongSentence && kind != RemarkKind::kArticleTwice;
}

}  // namespace policykb

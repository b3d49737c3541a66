// Polarity: whether two texts command, forbid, permit or deny the same.
//
// Compares modal words (ying dang / bu de / ke yi / wu xu / bu yu; shall, must not, may, need not)
// and negations clause by clause. For claims whose words otherwise agree with their source; on
// unrelated texts it means nothing. Pure function, any thread.

#ifndef POLICYKB_GENERATOR_GROUNDING_POLARITY_H_
#define POLICYKB_GENERATOR_GROUNDING_POLARITY_H_

#include <string_view>

namespace policykb {

// False when a clause of `stated` has another force than the clause of `known` that it is most
// like, or negates what stands there plainly, or the other way round. Both are as NormalizeForMatch
// gives them.
bool PolarityAgrees(std::string_view stated, std::string_view known);

}  // namespace policykb

#endif  // POLICYKB_GENERATOR_GROUNDING_POLARITY_H_

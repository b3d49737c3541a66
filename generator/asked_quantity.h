// Asked quantity: what kind of number a question wants to hear, if any.
//
// "How much", "how long", "how many", "which telephone number": a sentence that answers such a
// question holds one of that kind, though it shares few words with the question. For the extractive
// answerer. Pure functions, any thread.

#ifndef POLICYKB_GENERATOR_ASKED_QUANTITY_H_
#define POLICYKB_GENERATOR_ASKED_QUANTITY_H_

#include <cstdint>
#include <string_view>

namespace policykb {

enum class AskedQuantity : uint8_t { kNone, kMoney, kTime, kAge, kPhone, kCount };

// Chinese and English questions; kNone for any other.
AskedQuantity FindAskedQuantity(std::string_view question);

// The kind that the question asks for in so many words ("how many days", "how much money"), so that
// a text without one is no answer to it; kNone for any other.
AskedQuantity FindPlainlyAskedQuantity(std::string_view question);

// True when `text` holds a quantity of that kind; false for kNone.
bool HoldsAskedQuantity(std::string_view text, AskedQuantity asked);

// True when `text` may answer a question for that kind: it holds one, or says that there is none to
// pay, or none to wait. True for kNone.
bool MayAnswer(std::string_view text, AskedQuantity asked);

}  // namespace policykb

#endif  // POLICYKB_GENERATOR_ASKED_QUANTITY_H_

// NearDuplicates: hits that say the same, word for word or nearly so, as one.
//
// For the copies and revisions of one document: another document of the same title, a text of which
// hardly a word differs, and no number, "not" or "may". What two laws have in common stays two
// hits. For one search, one thread.

#ifndef POLICYKB_RETRIEVER_NEAR_DUPLICATES_H_
#define POLICYKB_RETRIEVER_NEAR_DUPLICATES_H_

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace policykb {

// Share of character pairs that two texts must have in common at the least.
inline constexpr double kDuplicateSimilarity = 0.95;

// Checksums of the pairs of neighbouring characters of a normalised text without white space,
// ascending, each once; of its one character where it has no more.
std::vector<uint64_t> TextShingles(std::string_view text);

// Jaccard similarity of two ascending lists without repetition; 1 for two empty ones.
double ShingleSimilarity(const std::vector<uint64_t>& a, const std::vector<uint64_t>& b);

// The words of a text that decide what it says: numbers, and those of must, may and not, in their
// order; without the number of the article it begins with.
std::string TellingWords(std::string_view text);

class NearDuplicates {
 public:
  // A passage's text with the id and title of its document.
  struct Text {
    std::string_view document;
    std::string_view title;
    std::string_view text;
  };

  // True when a text of that document could repeat one that was added.
  bool MayRepeat(std::string_view document, std::string_view title);
  // The number, from 0, of the text added before that this one repeats, or nullopt.
  std::optional<size_t> Find(const Text& text);
  // Gives the text the next number.
  void Add(const Text& text);

 private:
  // What texts are compared by; made only where titles are the same, the words only where the
  // texts are alike.
  struct Reading {
    std::optional<std::vector<uint64_t>> shingles;
    std::optional<std::string> telling_words;
    const std::vector<uint64_t>& Shingles(std::string_view text);
    const std::string& Telling(std::string_view text);
  };
  struct Known {
    std::string document;
    std::string title;  // comparable
    std::string text;
    Reading reading;
  };

  // ComparableTitle, once for each title: the best passages come from few documents.
  const std::string& Comparable(std::string_view title);

  std::vector<Known> known_;
  std::map<std::string, std::string, std::less<>> comparable_;  // by title
};

}  // namespace policykb

#endif  // POLICYKB_RETRIEVER_NEAR_DUPLICATES_H_

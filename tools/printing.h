// Printing of the API's messages for people at a terminal, and as JSON for programs.
//
// Not for logs. Pure functions, any thread.

#ifndef POLICYKB_TOOLS_PRINTING_H_
#define POLICYKB_TOOLS_PRINTING_H_

#include <google/protobuf/message.h>

#include <string>
#include <string_view>
#include <vector>

#include "policykb/v1/document.pb.h"
#include "policykb/v1/generator_service.pb.h"
#include "policykb/v1/retriever_service.pb.h"

namespace policykb {

// The message in proto3 JSON form, indented, with a line end.
std::string ToJson(const google::protobuf::Message& message);

// Writes to standard output.
void Print(std::string_view text);

// Label, number, validity, text and score of each hit; where the response carries them, with the
// reasons: ranks by stage, features, terms, and the evidence that the hits answer the query.
std::string HitsForPeople(const v1::SearchResponse& response);
// What a search was restricted to, in a line; `labels` held, none where a server decides.
std::string FilterForPeople(const v1::SearchFilter& filter, const std::vector<std::string>& labels);
// A passage with its label, heading path, validity and text.
std::string PassageForPeople(const v1::Passage& passage);
// Metadata, table of contents and text.
std::string DocumentForPeople(const v1::Document& document);
// Each field of its metadata with its value and where that came from.
std::string MetadataForPeople(const v1::Document& document);
// Sentences with citation numbers, then the citations with their quotes; or the refusal with what
// is near.
std::string AnswerForPeople(const v1::GroundedAnswer& answer);

}  // namespace policykb

#endif  // POLICYKB_TOOLS_PRINTING_H_

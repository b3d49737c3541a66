#include "core/rocksdb/rocksdb_log.h"

#include <rocksdb/env.h>

#include <cstdarg>

namespace policykb {
namespace {

class NoLog : public rocksdb::Logger {
 public:
  using rocksdb::Logger::Logv;
  void Logv(const char*, va_list) override {}
};

}  // namespace

std::shared_ptr<rocksdb::Logger> NoRocksDbLog() { return std::make_shared<NoLog>(); }

}  // namespace policykb

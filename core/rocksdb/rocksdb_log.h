// NoRocksDbLog: keeps RocksDB from writing its own log beside our data.
//
// RocksDB ends the program (an assertion of its Debian build) when it logs after a failed write of
// that log, so that a full disk would not be an error but a crash. What goes wrong reaches us as a
// status. Any thread.

#ifndef POLICYKB_CORE_ROCKSDB_ROCKSDB_LOG_H_
#define POLICYKB_CORE_ROCKSDB_ROCKSDB_LOG_H_

#include <memory>

namespace rocksdb {
class Logger;
}  // namespace rocksdb

namespace policykb {

// For rocksdb::Options::info_log.
std::shared_ptr<rocksdb::Logger> NoRocksDbLog();

}  // namespace policykb

#endif  // POLICYKB_CORE_ROCKSDB_ROCKSDB_LOG_H_

# RSQLite with extended types.
suppressPackageStartupMessages({library(DBI); library(RSQLite)})
words <- commandArgs(trailingOnly = TRUE)
connection <- dbConnect(SQLite(), words[1], flags = SQLITE_RO, extended_types = TRUE, bigint = "integer64")
tell <- function(key, value) {
  kind <- if (is.na(value)) "null"
    else if (inherits(value, "POSIXct")) "date" else if (inherits(value, "Date")) "day"
    else if (is.logical(value)) "boolean" else if (bit64::is.integer64(value) || is.integer(value)) "integer"
    else if (is.numeric(value)) "real" else "text"
  text <- switch(kind, null = "", date = format(value, "%Y-%m-%d %H:%M:%S", tz = "UTC"), real = format(value, digits = 17), as.character(value))
  cat(key, kind, text, sep = "\t"); cat("\n")
}
row <- dbGetQuery(connection, words[2])
for (name in names(row)) tell(name, row[[name]][1])
tell("null date", dbGetQuery(connection, words[3])[[1]])
tell("sum", dbGetQuery(connection, words[4])[[1]])
for (view in words[-(1:4)]) {
  rows <- dbGetQuery(connection, paste("SELECT * FROM", view))
  dates <- sum(vapply(rows, function(column) if (inherits(column, c("POSIXct", "Date"))) sum(!is.na(column)) else 0L, 1))
  cat(paste0("rows:", view), "integer", nrow(rows), sep = "\t"); cat("\n")
  cat(paste0("dates:", view), "integer", dates, sep = "\t"); cat("\n")
}
dbDisconnect(connection)

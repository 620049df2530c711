import java.nio.charset.StandardCharsets;
import java.io.PrintStream;
import java.sql.*;
import java.text.SimpleDateFormat;

/** The xerial driver: what DBeaver, Metabase and Java programs see. */
public class Jdbc {
  static final PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
  static final SimpleDateFormat format = new SimpleDateFormat("yyyy-MM-dd HH:mm:ss");

  static void tell(String key, String kind, Object value) { out.println(key + "\t" + kind + "\t" + value); }

  static void tell(String key, ResultSet row, int i) throws SQLException {
    if (row.getObject(i) == null) { tell(key, "null", ""); return; }
    switch (row.getMetaData().getColumnType(i)) {
      case Types.TIMESTAMP: tell(key, "date", format.format(row.getTimestamp(i))); break;
      case Types.BIGINT: case Types.INTEGER: case Types.NUMERIC: tell(key, "integer", row.getLong(i)); break;
      case Types.REAL: case Types.FLOAT: case Types.DOUBLE: tell(key, "real", row.getDouble(i)); break;
      case Types.BOOLEAN: tell(key, "boolean", row.getBoolean(i)); break;
      default: tell(key, "text", row.getString(i));
    }
  }

  public static void main(String[] words) throws Exception {
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:file:" + words[0] + "?mode=ro");
         Statement statement = connection.createStatement()) {
      try (ResultSet row = statement.executeQuery(words[1])) {
        row.next();
        for (int i = 1; i <= row.getMetaData().getColumnCount(); ++i) tell(row.getMetaData().getColumnName(i), row, i);
      }
      for (int n = 2; n <= 3; ++n) {
        try (ResultSet row = statement.executeQuery(words[n])) {
          row.next();
          if (n == 2) tell("null date", row, 1); else tell("sum", "integer", row.getLong(1));
        }
      }
      for (int n = 4; n < words.length; ++n) {
        long rows = 0, dates = 0;
        try (ResultSet row = statement.executeQuery("SELECT * FROM " + words[n])) {
          while (row.next()) {
            ++rows;
            for (int i = 1; i <= row.getMetaData().getColumnCount(); ++i) {
              if (row.getMetaData().getColumnType(i) == Types.TIMESTAMP && row.getTimestamp(i) != null) ++dates;
            }
          }
        }
        tell("rows:" + words[n], "integer", rows);
        tell("dates:" + words[n], "integer", dates);
      }
    }
  }
}

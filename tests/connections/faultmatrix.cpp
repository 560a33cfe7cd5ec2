// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
// The network columns of the fault matrix. The codes:
//   R   network trouble: passes by itself, all kept        W   asked to wait, with the time if one was told
//   R1  the same for a POST: nothing has arrived           F   not here: the next candidate is taken
//   X   unusable answer: not tried again by itself         B   the step failed, all else kept
//   S   stopped for safety, nothing more sent              SD  the same for a refresh: the access in use goes
//   on D   renewal put off: the access in use goes on         Q   answer lost: one replay of the same token
//   A   sign-in needed                                     V   not told yet: sealed, and tried for a day
//   K   a server that wants a key, or says nothing of OAuth
//   U   there is nothing that could be told: local use has ended, the person hears the truth, nobody tries
//   again N   refuses to be told, or can't be: local use has ended all the same, and the person hears the
//   truth
#include "faultmatrix.h"

#include "support/elsewhere.h"
#include "support/faults.h"

#include <array>
#include <cstdio>

namespace mooring::test {

namespace {

struct Row {
    int number;
    /// One fault of the row, or "*" for all that have no line of their own.
    const char *fault;
    std::array<const char *, 7> cells;
};

// clang-format off
constexpr Row rows[] = {
    //                                      PRB    PRM    ASM    REG    TOK    REF    REV
    {1,  "*",                              {"R",   "R",   "R",   "R1",  "R1",  "D",   "V"}},
    {2,  "*",                              {"R",   "R",   "R",   "R1",  "R1",  "D",   "V"}},
    {3,  "*",                              {"R",   "R",   "R",   "R1",  "R1",  "D",   "V"}},
    {4,  "*",                              {"S",   "S",   "S",   "S",   "S",   "SD",  "V"}},
    {5,  "*",                              {"R",   "R",   "R",   "B",   "B",   "Q",   "V"}},
    {6,  "*",                              {"R",   "R",   "R",   "B",   "B",   "Q",   "V"}},
    {7,  "*",                              {"R",   "F>R", "F>R", "B",   "B",   "D",   "V"}},
    {8,  "*",                              {"W",   "W",   "W",   "W",   "W",   "W",   "V"}},
    {9,  "invalid_grant",                  {"-",   "-",   "-",   "-",   "B",   "A",   "ok"}},
    {9,  "invalid_client",                 {"-",   "-",   "-",   "-",   "B",   "A",   "N"}},
    {9,  "temporarily_unavailable",        {"-",   "-",   "-",   "-",   "B",   "D",   "V"}},
    {9,  "invalid_token",                  {"-",   "-",   "-",   "-",   "-",   "-",   "ok"}},
    {9,  "*",                              {"X",   "F>X", "F>X", "X",   "B",   "D",   "ok"}},
    {10, "*",                              {"ok",  "ok",  "ok",  "S",   "S",   "SD",  "V"}},
    {11, "*",                              {"S",   "S",   "S",   "S",   "S",   "SD",  "V"}},
    {12, "*",                              {"X",   "F>X", "F>X", "S",   "S",   "SD",  "V"}},
    {13, "*",                              {"S",   "S",   "S",   "S",   "S",   "SD",  "V"}},
    {14, "*",                              {"X",   "F>X", "F>X", "B",   "B",   "Q",   "ok"}},
    {15, "gzip",                           {"ok",  "ok",  "ok",  "ok",  "ok",  "ok",  "ok"}},
    {15, "*",                              {"X",   "X",   "X",   "B",   "B",   "Q",   "ok"}},
    {16, "*",                              {"R",   "F>R", "F>R", "B",   "B",   "D",   "V"}},
    {17, "*",                              {"ok",  "ok",  "ok",  "ok",  "ok",  "ok",  "ok"}},
    {18, "*",                              {"X",   "F>X", "F>X", "B",   "B",   "Q",   "ok"}},
    {19, "*",                              {"X",   "X",   "X",   "B",   "B",   "Q",   "ok"}},
    {20, "a number",                       {"X",   "F>X", "F>X", "-",   "B",   "Q",   "ok"}},
    {20, "*",                              {"X",   "F>X", "F>X", "B",   "B",   "Q",   "ok"}},
    {21, "*",                              {"X",   "F>X", "X",   "B",   "B",   "Q",   "ok"}},
    {22, "*",                              {"ok",  "ok",  "ok",  "ok",  "ok",  "ok",  "ok"}},
    {23, "*",                              {"X",   "S",   "S",   "S",   "S",   "SD",  "N"}},
    {28, "*",                              {"X",   "F>X", "F>X", "B",   "B",   "D",   "V"}},
    {32, "*",                              {"R",   "R",   "R",   "R1",  "R1",  "D",   "V"}},
};
// clang-format on

struct Deviation {
    int row;
    const char *fault;
    Column column;
    const char *code;
};

/// Where Mooring does something else, because design.md says so or because it is safer.
constexpr Deviation deviations[] = {
    // Section 5: "nonsense: keep everything, back off". A whole answer that can't be read is no lost one, and
    // a second refresh at once would only bring the same.
    {6, "150 headers", Column::Ref, "D"},
    {14, "*", Column::Ref, "D"},
    {15, "*", Column::Ref, "D"},
    {18, "*", Column::Ref, "D"},
    {19, "*", Column::Ref, "D"},
    {20, "*", Column::Ref, "D"},
    {20, "a number", Column::Ref, "D"},
    {21, "*", Column::Ref, "D"},
    // Section 3: an unusable answer is a protocol error. Nothing tries it again in the background, so the
    // sentence alone can help, and it speaks of the network's login page.
    {6, "150 headers", Column::Prm, "F>X"},
    {6, "150 headers", Column::Asm, "F>X"},
    {16, "*", Column::Asm, "F>X"},
    // The probe goes on to look for a sign-in after a 403 too; where there is none, it is a matter of a key.
    {9, "403", Column::Prb, "K"},
    {28, "*", Column::Prb, "K"},
    // Without metadata a server of spring 2025 is supposed, which is another service than the one on record,
    // and nothing is sent there without the person's word (section 3, "A credential carries its address").
    {9, "*", Column::Prm, "F>S"},
    {28, "*", Column::Prm, "F>S"},
    // So does a page, or an answer without a body: many servers have one for every address (field.md, kind
    // 4).
    {16, "*", Column::Prm, "F>S"},
    {18, "empty", Column::Prm, "F>S"},
    // A document without a resource that was found at the server's own origin is about that server (field.md,
    // dead ends).
    {20, "a number", Column::Prm, "ok"},
    {20, "null", Column::Prm, "ok"},
    {20, "an object", Column::Prm, "ok"},
    {21, "*", Column::Prm, "ok"},
    // An optional address that may not be used is as good as none: the app is registered by hand (field.md,
    // kind 11).
    {23, "*", Column::Reg, "A"},
    // Plain http to a private address is kept when it is wanted, and stopped until the person allows it.
    {23, "http", Column::Prb, "S"},
    // A bare status doesn't say that the token is gone, and a 403 need not even come from the service. Where
    // there is no such endpoint, there won't be one within a day (field.md, kind 13).
    {9, "403", Column::Rev, "V"},
    {9, "*", Column::Rev, "U"},
};

const Row *lineOf(int row, const QByteArray &fault)
{
    const Row *general = nullptr;
    for (const Row &one : rows) {
        if (one.number == row && one.fault == fault) {
            return &one;
        }
        if (one.number == row && qstrcmp(one.fault, "*") == 0) {
            general = &one;
        }
    }
    return general;
}

/// Names come before "*", so an exact one is looked for first; a fault with a line of its own in the table
/// has deviations of its own too.
const char *deviationOf(int row, const QByteArray &fault, Column column)
{
    const Row *line = lineOf(row, fault);
    const QByteArray general = line ? line->fault : "*";
    for (const Deviation &one : deviations) {
        if (one.row == row && one.column == column && (one.fault == fault || one.fault == general)) {
            return one.code;
        }
    }
    return nullptr;
}

QByteArray cellName(int row, Column column)
{
    static constexpr const char *names[] = {"PRB", "PRM", "ASM", "REG", "TOK", "REF", "REV"};
    return QByteArray::number(row) + ' ' + names[static_cast<std::size_t>(column)];
}

void appendCase(QList<Case> *cases, int row, const QByteArray &fault, Column column)
{
    const Row *line = lineOf(row, fault);
    const QByteArray code = line ? line->cells.at(static_cast<std::size_t>(column)) : "-";
    const char *otherwise = deviationOf(row, fault, column);
    if (code != "-") {
        cases->append({row, fault, column, otherwise ? QByteArray(otherwise) : code});
    }
}

} // namespace

QByteArray Case::cell() const
{
    return cellName(row, column);
}

QList<Case> casesOf(Column column)
{
    QList<Case> cases;
    for (const support::Elsewhere &one : support::elsewheres()) {
        appendCase(&cases, one.row, one.name, column);
    }
    for (const support::AnswerFault &one : support::answerFaults()) {
        appendCase(&cases, one.row, one.name, column);
    }
    return cases;
}

QList<QByteArray> liveCells()
{
    QList<QByteArray> cells;
    for (const Row &row : rows) {
        for (std::size_t column = 0; column < row.cells.size(); ++column) {
            const QByteArray name = cellName(row.number, static_cast<Column>(column));
            if (qstrcmp(row.cells.at(column), "-") != 0 && !cells.contains(name)) {
                cells.append(name);
            }
        }
    }
    return cells;
}

void Tally::add(const Case &tested, bool hasPassed)
{
    ++m_tested[tested.cell()];
    m_passed[tested.cell()] += hasPassed ? 1 : 0;
}

QList<QByteArray> Tally::untested() const
{
    QList<QByteArray> cells = liveCells();
    cells.removeIf([this](const QByteArray &cell) { return m_tested.contains(cell); });
    return cells;
}

void Tally::print() const
{
    int cases = 0;
    int passed = 0;
    for (const auto &[cell, count] : m_tested.asKeyValueRange()) {
        cases += count;
        passed += count == m_passed.value(cell) ? 1 : 0;
    }
    std::printf("fault matrix, network columns\n");
    std::printf("  cells     %4lld\n", static_cast<long long>(liveCells().size()));
    std::printf("  tested    %4lld (%d cases)\n", static_cast<long long>(m_tested.size()), cases);
    std::printf("  passed    %4d\n", passed);
    std::printf("  untested  %4lld\n", static_cast<long long>(untested().size()));
    std::fflush(stdout);
}

} // namespace mooring::test

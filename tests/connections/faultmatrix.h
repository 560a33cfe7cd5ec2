// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QHash>
#include <QList>

namespace mooring::test {

/// The steps that talk to a network, in the order of the matrix.
enum class Column { Prb, Prm, Asm, Reg, Tok, Ref, Rev };

/// One case: a fault at a step, and what has to come of it. Several cases can belong to one cell.
struct Case {
    int row = 0;
    QByteArray fault;
    Column column = Column::Prb;
    /// The outcome code; where Mooring departs from the matrix, the one that design.md wants.
    QByteArray code;

    QByteArray cell() const;
};

/// All cases of one column.
QList<Case> casesOf(Column column);
/// The names of all live cells ("5 REF"), whether a case is made for them or not.
QList<QByteArray> liveCells();

/// Which cells have been tested, and how it went.
class Tally final {
public:
    void add(const Case &tested, bool hasPassed);
    QList<QByteArray> untested() const;
    /// The figures as plain lines. A cell has passed if all of its cases have.
    void print() const;

private:
    QHash<QByteArray, int> m_tested;
    QHash<QByteArray, int> m_passed;
};

} // namespace mooring::test

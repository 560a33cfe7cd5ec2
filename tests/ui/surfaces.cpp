// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/surfaces.h"

#include "support/hostiletexts.h"

#include <QAbstractButton>
#include <QAbstractItemView>
#include <QAccessible>
#include <QAction>
#include <QComboBox>
#include <QImage>
#include <QLabel>
#include <QLineEdit>
#include <QMenu>
#include <QMessageBox>
#include <QPlainTextEdit>
#include <QTabBar>
#include <QTextEdit>

#include <fcntl.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <unistd.h>

namespace mooring::uitests {

using namespace Qt::StringLiterals;

namespace {

/// Lines of a schema; everything else is one or a few sentences.
constexpr qsizetype longestItem = 17'000;
constexpr qsizetype longestText = 1100;
constexpr qsizetype longestField = 4100;
/// Beyond every role that Qt gives a meaning, and beyond every one of ours.
constexpr int lastRoleOfQt = 32;
constexpr int lastRoleOfOurs = Qt::UserRole + 20;

/// What a tip or a screen reader's text would be if Qt took it for markup.
QString flawInGuessed(const QString &text)
{
    return Qt::mightBeRichText(text) ? u"may be taken for markup"_s : support::flawIn(text, longestText);
}

/// What stands after an "&" becomes a shortcut; a server must not make one.
QString flawInMnemonic(const QString &text)
{
    QString rest = text;
    rest.remove(u"&&"_s);
    return rest.contains(u"&Mnemonic"_s) || rest.contains(u"& more"_s) ? u"a shortcut of the server's"_s
                                                                       : support::flawIn(text, longestText);
}

QString flawInModel(const QAbstractItemModel *model, const QModelIndex &parent)
{
    for (int row = 0; row < model->rowCount(parent); ++row) {
        const QModelIndex index = model->index(row, 0, parent);
        for (int role = 0; role <= lastRoleOfOurs; role = role == lastRoleOfQt ? Qt::UserRole : role + 1) {
            const QVariant value = model->data(index, role);
            const QString text = value.typeId() == QMetaType::QString ? value.toString() : QString();
            const bool isGuessed = role == Qt::ToolTipRole || role == Qt::WhatsThisRole;
            const QString flaw = isGuessed ? flawInGuessed(text) : support::flawIn(text, longestItem);
            if (!flaw.isEmpty()) {
                return u"role %1: %2"_s.arg(role).arg(flaw);
            }
        }
        if (const QString flaw = flawInModel(model, index); !flaw.isEmpty()) {
            return flaw;
        }
    }
    return {};
}

QString flawInLabel(const QLabel *label)
{
    if (label->textFormat() != Qt::PlainText) {
        return u"not plain text"_s;
    }
    return label->buddy() ? flawInMnemonic(label->text()) : support::flawIn(label->text(), longestText);
}

QString flawInTabs(const QTabBar *tabs)
{
    for (int i = 0; i < tabs->count(); ++i) {
        for (const QString &flaw : {flawInMnemonic(tabs->tabText(i)), flawInGuessed(tabs->tabToolTip(i)),
                                    flawInGuessed(tabs->tabWhatsThis(i))}) {
            if (!flaw.isEmpty()) {
                return flaw;
            }
        }
    }
    return {};
}

QString flawInField(const QLineEdit *field)
{
    // What a person types or pastes is shown as it is; a password is dots.
    const bool isTyped = field->isModified() || field->echoMode() != QLineEdit::Normal;
    const QString flaw = isTyped ? QString() : support::flawIn(field->text(), longestField);
    return flaw.isEmpty() ? support::flawIn(field->placeholderText(), longestText) : flaw;
}

/// What only this sort of widget shows.
QString flawInContents(QWidget *widget)
{
    if (const auto *label = qobject_cast<QLabel *>(widget)) {
        return flawInLabel(label);
    }
    if (const auto *button = qobject_cast<QAbstractButton *>(widget)) {
        return flawInMnemonic(button->text());
    }
    if (const auto *field = qobject_cast<QLineEdit *>(widget)) {
        return flawInField(field);
    }
    if (const auto *tabs = qobject_cast<QTabBar *>(widget)) {
        return flawInTabs(tabs);
    }
    if (const auto *box = qobject_cast<QComboBox *>(widget)) {
        return flawInModel(box->model(), {});
    }
    if (const auto *view = qobject_cast<QAbstractItemView *>(widget)) {
        return view->model() ? flawInModel(view->model(), {}) : QString();
    }
    if (const auto *box = qobject_cast<QMessageBox *>(widget)) {
        const bool isPlain = box->textFormat() == Qt::PlainText && box->detailedText().isEmpty();
        return isPlain ? support::flawIn(box->text() + box->informativeText(), longestText)
                       : u"a box that is not plain"_s;
    }
    return qobject_cast<QTextEdit *>(widget) ? u"a view of rich text"_s : QString();
}

QString flawInSpoken(QWidget *widget)
{
    QAccessibleInterface *spoken = QAccessible::queryAccessibleInterface(widget);
    const auto *field = qobject_cast<QLineEdit *>(widget);
    const bool isTyped = (field && field->isModified()) || qobject_cast<QPlainTextEdit *>(widget);
    for (const auto part :
         {QAccessible::Name, QAccessible::Description, QAccessible::Help, QAccessible::Value}) {
        const bool isTheirs = part == QAccessible::Value && isTyped;
        const QString flaw =
            spoken && !isTheirs ? support::flawIn(spoken->text(part), longestField) : QString();
        if (!flaw.isEmpty()) {
            return u"spoken: "_s + flaw;
        }
    }
    return {};
}

QString flawInActions(const QWidget *widget)
{
    const QList<QAction *> actions = widget->actions();
    for (const QAction *action : actions) {
        for (const QString &flaw : {flawInMnemonic(action->text()), flawInGuessed(action->toolTip()),
                                    flawInGuessed(action->statusTip()), flawInGuessed(action->whatsThis())}) {
            if (!flaw.isEmpty()) {
                return u"action: "_s + flaw;
            }
        }
    }
    return {};
}

QString flawIn(QWidget *widget)
{
    QStringList found = {flawInContents(widget),
                         flawInSpoken(widget),
                         flawInActions(widget),
                         flawInGuessed(widget->toolTip()),
                         flawInGuessed(widget->statusTip()),
                         flawInGuessed(widget->whatsThis())};
    for (const QString &text : {widget->windowTitle(), widget->windowIconText(), widget->accessibleName(),
                                widget->accessibleDescription()}) {
        found.append(support::flawIn(text, longestText));
    }
    if (const auto *menu = qobject_cast<QMenu *>(widget)) {
        found.append(flawInMnemonic(menu->title()));
    }
    found.removeAll(QString());
    return found.join(u", "_s);
}

} // namespace

QString flawOnSurfaces(QWidget *root)
{
    QList<QWidget *> all = root->findChildren<QWidget *>();
    all.append(root);
    for (QWidget *widget : std::as_const(all)) {
        if (const QString flaw = flawIn(widget); !flaw.isEmpty()) {
            return u"%1 %2: %3"_s.arg(QString::fromLatin1(widget->metaObject()->className()),
                                      widget->objectName(), flaw);
        }
    }
    return {};
}

LocalFiles::LocalFiles()
{
    QImage picture(8, 8, QImage::Format_RGB32);
    picture.fill(Qt::red);
    const QByteArray folder = m_folder.path().toLocal8Bit();
    if (!picture.save(plain()) || ::mkfifo(pipe().toLocal8Bit().constData(), 0600) != 0) {
        qFatal("the files that must not be opened can't be made");
    }
    m_watch = ::inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
    if (::inotify_add_watch(m_watch, folder.constData(), IN_OPEN | IN_ACCESS) < 0) {
        qFatal("the files that must not be opened can't be watched");
    }
}

LocalFiles::~LocalFiles()
{
    ::close(m_watch);
}

bool LocalFiles::haveBeenOpened()
{
    char events[4096];
    bool any = false;
    while (::read(m_watch, events, sizeof events) > 0) {
        any = true;
    }
    return any;
}

} // namespace mooring::uitests

// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/dialogs/smalldialogs.h"

#include "base/displaytext.h"
#include "ui/widgets/connectionnames.h"
#include "ui/widgets/excerpt.h"
#include "ui/widgets/icons.h"
#include "ui/widgets/labels.h"

#include <QCoreApplication>
#include <QDialogButtonBox>
#include <QFormLayout>
#include <QMessageBox>
#include <QRegularExpression>

namespace mooring::ui {

using namespace Qt::StringLiterals;

namespace {

QString tr(const char *text)
{
    return QCoreApplication::translate("mooring::ui", text);
}

PlainLabel *labelFor(const QString &text, QWidget *field)
{
    PlainLabel *label = singleLine(text);
    label->setBuddy(field);
    return label;
}

struct Question {
    QString objectName;
    QString text;
    QString yes;
};

QDialog *confirmation(const Question &question, QWidget *parent)
{
    auto *box = new QMessageBox(parent);
    box->setAttribute(Qt::WA_DeleteOnClose);
    box->setObjectName(question.objectName);
    box->setWindowTitle(u"Mooring"_s);
    box->setIcon(QMessageBox::Question);
    box->setTextFormat(Qt::PlainText);
    box->setText(question.text);
    QPushButton *yes = box->addButton(question.yes, QMessageBox::AcceptRole);
    yes->setObjectName(u"confirmButton"_s);
    box->setDefaultButton(yes);
    QPushButton *no = box->addButton(QMessageBox::Cancel);
    no->setObjectName(u"cancelButton"_s);
    box->setEscapeButton(no);
    makeLabelsPlain(box);
    return box;
}

QString serviceOf(const text::ConnectionView &view)
{
    return view.record.issuer.isEmpty() ? base::displayAuthority(view.record.url)
                                        : base::displayAuthority(QUrl(view.record.issuer));
}

QString keyExplanation(const text::ConnectionView &view)
{
    QString explanation =
        tr("%1 gets this header with every request. The key is kept in your keychain, and sent "
           "nowhere else.")
            .arg(base::displayAuthority(view.record.url));
    if (view.state.isSignedIn) {
        explanation += u' ' + tr("Your sign-in there is given back.");
    }
    return explanation;
}

QDialogButtonBox *buttonsFor(QDialog *dialog, const QString &yes)
{
    auto *buttons = new QDialogButtonBox(QDialogButtonBox::Ok | QDialogButtonBox::Cancel);
    buttons->button(QDialogButtonBox::Ok)->setText(yes);
    QObject::connect(buttons, &QDialogButtonBox::accepted, dialog, &QDialog::accept);
    QObject::connect(buttons, &QDialogButtonBox::rejected, dialog, &QDialog::reject);
    return buttons;
}

} // namespace

bool isHeaderName(const QString &name)
{
    static const QRegularExpression token(u"^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,100}$"_s);
    return token.match(name).hasMatch();
}

KeyDialog::KeyDialog(const text::ConnectionView &view, QWidget *parent)
    : QDialog(parent)
    , m_header(new QLineEdit)
    , m_value(new QLineEdit)
{
    setAttribute(Qt::WA_DeleteOnClose);
    setObjectName(u"keyDialog"_s);
    setWindowTitle(tr("Key for this server"));
    m_header->setObjectName(u"headerNameField"_s);
    m_header->setAccessibleName(tr("Name of the header"));
    m_header->setText(view.record.headerName.isEmpty() ? u"Authorization"_s
                                                       : shownText(view.record.headerName, 100));
    m_value->setObjectName(u"headerValueField"_s);
    m_value->setAccessibleName(tr("Key"));
    m_value->setEchoMode(QLineEdit::Password);
    QDialogButtonBox *buttons = buttonsFor(this, tr("Save key"));
    QPushButton *save = buttons->button(QDialogButtonBox::Ok);
    const auto judge = [this, save] {
        save->setEnabled(isHeaderName(m_header->text().trimmed()) && !m_value->text().trimmed().isEmpty());
    };
    connect(m_header, &QLineEdit::textChanged, this, judge);
    connect(m_value, &QLineEdit::textChanged, this, judge);
    judge();

    auto *all = new QVBoxLayout(this);
    all->setSpacing(ems(this, 0.7));
    all->addWidget(wrapped(keyExplanation(view), PlainLabel::Ink::Muted));
    auto *form = new QFormLayout;
    form->addRow(labelFor(tr("&Header"), m_header), m_header);
    form->addRow(labelFor(tr("&Key"), m_value), m_value);
    all->addLayout(form);
    all->addWidget(buttons);
    setMinimumWidth(letters(this, 56));
    m_value->setFocus();
    connect(this, &QDialog::accepted, this, [this] {
        Q_EMIT keyEntered(m_header->text().trimmed(), base::Secret(m_value->text().trimmed().toUtf8()));
    });
}

RenameDialog::RenameDialog(const text::ConnectionView &view, QWidget *parent)
    : QDialog(parent)
    , m_name(new QLineEdit)
{
    setAttribute(Qt::WA_DeleteOnClose);
    setObjectName(u"renameDialog"_s);
    setWindowTitle(tr("Rename"));
    m_name->setObjectName(u"nameField"_s);
    m_name->setAccessibleName(tr("Name"));
    m_name->setMaxLength(80);
    m_name->setText(nameOf(view));
    m_name->selectAll();
    QDialogButtonBox *buttons = buttonsFor(this, tr("Rename"));
    QPushButton *rename = buttons->button(QDialogButtonBox::Ok);
    connect(m_name, &QLineEdit::textChanged, this,
            [rename](const QString &text) { rename->setEnabled(!text.trimmed().isEmpty()); });
    auto *form = new QFormLayout(this);
    form->addRow(labelFor(tr("&Name"), m_name), m_name);
    form->addRow(buttons);
    setMinimumWidth(letters(this, 48));
    connect(this, &QDialog::accepted, this, [this] { Q_EMIT nameEntered(m_name->text().trimmed()); });
}

AccountDialog::AccountDialog(const text::ConnectionView &view, QWidget *parent)
    : QDialog(parent)
    , m_label(new QLineEdit)
{
    setAttribute(Qt::WA_DeleteOnClose);
    setObjectName(u"accountDialog"_s);
    setWindowTitle(tr("Name of the account"));
    m_label->setObjectName(u"accountLabelField"_s);
    m_label->setAccessibleName(tr("Name of the account"));
    m_label->setMaxLength(60);
    m_label->setPlaceholderText(tr("for example: work"));
    m_label->setText(shownText(view.record.accountLabel, 60));
    m_label->selectAll();
    auto *all = new QVBoxLayout(this);
    all->setSpacing(ems(this, 0.7));
    all->addWidget(m_label);
    all->addWidget(
        wrapped(tr("Only for you, to tell accounts apart. Leave it empty for the name that %1 tells.")
                    .arg(serviceOf(view)),
                PlainLabel::Ink::Muted));
    all->addWidget(buttonsFor(this, tr("Save")));
    setMinimumWidth(letters(this, 48));
    connect(this, &QDialog::accepted, this, [this] { Q_EMIT labelEntered(m_label->text().trimmed()); });
}

QDialog *makeDisconnectConfirmation(const text::ConnectionView &view, QWidget *parent)
{
    const bool isKey = view.record.kind == connections::AuthorizationKind::Header;
    const QString text =
        isKey ? tr("Disconnect from %1?\n\nMooring deletes its key. Apps that use it through Mooring "
                   "stop working.")
                    .arg(nameOf(view))
              : tr("Disconnect from %1?\n\nMooring tells %2 to end this sign-in and deletes its "
                   "tokens. Apps that use it through Mooring stop working.")
                    .arg(nameOf(view), serviceOf(view));
    return confirmation({u"disconnectConfirmation"_s, text, tr("Disconnect")}, parent);
}

QDialog *makeRemoveConfirmation(const text::ConnectionView &view, QWidget *parent)
{
    const QString text =
        view.record.hasSecret
            ? tr("Remove %1?\n\nMooring disconnects first: it gives the sign-in or key back and deletes "
                 "it. Then the server leaves the list.")
                  .arg(nameOf(view))
            : tr("Remove %1 from the list?").arg(nameOf(view));
    return confirmation({u"removeConfirmation"_s, text, tr("Remove")}, parent);
}

ForceRemoveDialog::ForceRemoveDialog(const text::ConnectionView &view, const base::Error &error,
                                     QWidget *parent)
    : QMessageBox(parent)
{
    setAttribute(Qt::WA_DeleteOnClose);
    setObjectName(u"forceRemoveConfirmation"_s);
    setWindowTitle(u"Mooring"_s);
    setIcon(QMessageBox::Warning);
    setTextFormat(Qt::PlainText);
    setText(tr("Disconnecting from %1 is not finished.\n\n%2\n\nRemoved now, the sign-in may go on at the "
               "service, and nothing here would know of it.")
                .arg(nameOf(view), shownText(error.sentence, 400)));
    QPushButton *no = addButton(QMessageBox::Cancel);
    no->setObjectName(u"cancelButton"_s);
    setEscapeButton(no);
    setDefaultButton(no);
    if (error.keychainCase == base::KeychainCase::Locked) {
        QPushButton *unlock = addButton(tr("&Unlock and remove"), QMessageBox::ActionRole);
        unlock->setObjectName(u"unlockButton"_s);
        setDefaultButton(unlock);
        connect(unlock, &QPushButton::clicked, this, &ForceRemoveDialog::unlockChosen);
    }
    QPushButton *yes = addButton(tr("&Remove anyway"), QMessageBox::DestructiveRole);
    yes->setObjectName(u"confirmButton"_s);
    connect(yes, &QPushButton::clicked, this, &ForceRemoveDialog::removeChosen);
    makeLabelsPlain(this);
}

QDialog *makeAboutDialog(QWidget *parent)
{
    auto *box = new QMessageBox(parent);
    box->setAttribute(Qt::WA_DeleteOnClose);
    box->setObjectName(u"aboutDialog"_s);
    box->setWindowTitle(tr("About Mooring"));
    box->setTextFormat(Qt::PlainText);
    box->setIconPixmap(applicationIcon().pixmap(ems(box, 4)));
    box->setText(
        tr("Mooring %1\n\nKeeps your remote MCP servers connected. Tokens live in your keychain and nowhere "
           "else.\n\nFree software under the GNU General Public License, version 3 or later.")
            .arg(QStringLiteral(MOORING_VERSION)));
    box->addButton(QMessageBox::Close);
    makeLabelsPlain(box);
    return box;
}

} // namespace mooring::ui
